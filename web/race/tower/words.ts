/** The words of the timing tower. */
import { catalogues, translator } from "../../shared/language/translate";
import type { en } from "./words.en";

export const { t, plural, word } = translator(
  catalogues<typeof en>(import.meta.glob("./words.*.ts", { eager: true })),
);
