/** The words of the TV page around its scenes, in Italian. */
import type { en } from "./words.en";

export const it: Readonly<Record<keyof typeof en, string>> = {
  "display.screens": "Schermo",
  "display.unknown.title": "Non c’è nessuna scena «{name}»",
  "display.unknown.detail":
    "L’indirizzo di questo schermo la nomina dopo «scene=». Le scene sono: {names}. Senza «scene=», sceglie il server.",
};
