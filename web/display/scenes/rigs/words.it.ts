/** The words of the scene of all rigs, in Italian. */
import type { en } from "./words.en";

export const it: Readonly<Record<keyof typeof en, string>> = {
  "allrigs.kicker": "Tutte le postazioni",
  "allrigs.title": "Alle postazioni",
  "allrigs.nobody": "Nessun pilota",
  "allrigs.lap": "Giro {number}",
  "allrigs.last": "Ultimo",
  "allrigs.best": "Migliore",
  "allrigs.place": "In classifica",
  "allrigs.none": "Nessuna postazione è ancora nota.",
  "allrigs.page": "Pagina {page} di {pages}",
  "allrigs.waiting": "Nessun segnale dall’avvio",
  "allrigs.silent": "Nessun segnale, ultimo {ago}",
};
