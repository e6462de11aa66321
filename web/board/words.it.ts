/** The words that the TV page and the phone page share, in Italian. */
import type { en } from "./words.en";

export const it: Readonly<Record<keyof typeof en, string>> = {
  "board.rank": "Posizione",
  "board.leader": "in testa",

  "mark.best": "migliore assoluto",
  "mark.personal": "record personale",
  "mark.slower": "più lento",

  "rail.lap": "Giro {number}",
  "lap.predicted": "Previsto",
  "lap.predicted.place": "P{place} previsto",

  "rail.garage": "Ai box",
};
