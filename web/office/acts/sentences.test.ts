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
  ["The screen Bar shows the scene next.", "Lo schermo Bar mostra la scena next."],
  ["The screen Bar is 10 s late.", "Lo schermo Bar è in ritardo di 10 s."],
  ["Every screen chooses its scene by itself.", "Tutti gli schermi scelgono da soli la scena."],
  ["Every screen is blank.", "Tutti gli schermi sono neri."],
  [
    "All seats ended at the moment of the restored backup.",
    "Tutti i posti sono terminati al momento del backup ripristinato.",
  ],
  ["Something new.", "Something new."],
])("%s", (summary, italian) => {
  expect(actSentence({ summary }, "it")).toBe(italian);
  expect(actSentence({ summary }, "en")).toBe(summary);
});
