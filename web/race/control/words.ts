/** The words of race control. */
import { catalogues, translator } from "../../shared/language/translate";
import type { en } from "./words.en";

export const { t, word } = translator(
  catalogues<typeof en>(import.meta.glob("./words.*.ts", { eager: true })),
);
