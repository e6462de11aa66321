/** The words of the result of a session, in Italian. */
import type { en } from "./words.en";

export const it: Readonly<Record<keyof typeof en, string>> = {
  "result.kicker": "Risultato",
  "result.kicker.of": "Risultato · {session}",
  "result.laps-down.one": "+{count} giro",
  "result.laps-down.other": "+{count} giri",
  "result.status.did_not_finish": "Non arrivato",
  "result.status.disqualified": "Squalificato",
  "result.status.not_classified": "Non classificato",
  "result.status.retired": "Ritirato",
  "result.none": "Il gioco non ha ancora inviato un risultato.",
  "result.penalties": "+{seconds} s di penalità",
};
