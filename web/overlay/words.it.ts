/** The words of the overlays, in Italian. */
import type { en } from "./words.en";

export const it: Readonly<Record<keyof typeof en, string>> = {
  "overlay.title": "Grafica",
  "overlay.choose": "Grafiche per una diretta",
  "overlay.choose.detail": "Aggiungi uno di questi indirizzi come sorgente browser, 1920 × 1080:",
  "overlay.unknown": "Non esiste la grafica «{name}».",
  "overlay.list": "Aggiungine una di queste:",
  "overlay.leader": "leader",
  "overlay.result": "Risultato",
  "overlay.last": "Ultimo",
  "overlay.best": "Migliore",
  "overlay.delta": "Dal miglior giro",
  "overlay.delta.first": "Dal primo posto",
  "overlay.laps-down": "+{count} g",
  "overlay.battle": "Duello per la P{position}",
};
