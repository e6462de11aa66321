/** Italian: the words of the track map. */
import type { en } from "./words.en";

export const it: Readonly<Record<keyof typeof en, string>> = {
  "map.label": "Mappa della pista di {circuit}",
  "map.cars.one": "{count} auto",
  "map.cars.other": "{count} auto",
  "map.learning": "La forma del circuito appare dopo il primo giro pulito.",
  "map.no-positions": "Il gioco non invia le posizioni delle auto.",
  "map.no-positions.detail": "Mancano i pacchetti di movimento, o nessuno guida.",
  "map.formation": "Giro di formazione",
  "map.unknown": "Circuito sconosciuto",
};
