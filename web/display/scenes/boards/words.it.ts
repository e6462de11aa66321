/** The words of the scene of other boards, in Italian. */
import type { en } from "./words.en";

export const it: Readonly<Record<keyof typeof en, string>> = {
  "boards.tonight": "Anche in questo evento",
  "boards.today": "Migliori giri di oggi",
  "boards.month": "Migliori giri di questo mese",
  "boards.ever": "Migliori giri di sempre",
  "boards.title": "Classifiche",
  "boards.none": "Non ci sono ancora giri in altre classifiche.",
  "boards.more.one": "e un altro pilota ({count})",
  "boards.more.other": "e altri {count} piloti",
};
