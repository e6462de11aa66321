import { expect, it } from "vitest";
import { actSentence } from "./sentences";

it.each([
  ["Ada was assigned to Rig 8.", "Ada guida su Rig 8."],
  ["Rig 8 was set to no driver.", "Rig 8 è senza pilota."],
  ["Undone: Ada was assigned to Rig 8.", "Annullato: Ada guida su Rig 8."],
  ["Marta deleted lap 3 (1:20.000) at Rig 8: cut.", "Marta ha eliminato giro 3 (1:20.000) su Rig 8: cut."],
  ["Marta declared 4 laps invalid.", "Marta ha dichiarato non valido: 4 giri."],
  ["Marta entered 1:20.000 for Ada at Monza.", "Marta ha inserito 1:20.000 per Ada a Monza."],
  ["Ada left the queue.", "Ada è uscito dalla coda."],
  ["Ada left Rig 8.", "Ada ha lasciato Rig 8."],
  ["Something new.", "Something new."],
])("%s", (summary, italian) => {
  expect(actSentence({ summary }, "it")).toBe(italian);
  expect(actSentence({ summary }, "en")).toBe(summary);
});
