/** The words of the TV page around its scenes, in Italian. */
import type { en } from "./words.en";

export const it: Readonly<Record<keyof typeof en, string>> = {
  "display.screens": "Schermo",
  "display.unknown.title": "Non c’è nessuna scena «{name}»",
  "display.unknown.detail":
    "L’indirizzo di questo schermo la nomina dopo «scene=». Le scene sono: {names}. Senza «scene=», sceglie il server.",
  "sound.off": "Suono: spento",
  "sound.on": "Suono: acceso",
  "sound.blocked": "Tocca qui per il suono",
  "sound.best": "Nuovo miglior giro personale: {name}, {time}",
  "sound.fastest": "Nuovo giro più veloce: {name}, {time}",
  "sound.call": "Prossimo pilota: {name}, {rig}",
  "sound.flag.yellow": "Bandiera gialla",
  "sound.flag.red": "Bandiera rossa",
  "sound.flag.safety car": "Safety car",
  "sound.flag.virtual safety car": "Virtual safety car",
  "sound.flag.green": "Bandiera verde",
  "sound.flag.chequered": "Bandiera a scacchi",
  "sound.end": "La sessione è finita",
};
