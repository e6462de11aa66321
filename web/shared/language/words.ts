/** The words that all pages share. */
import { catalogues, translator } from "./translate";
import type { en } from "./words.en";

export const words = catalogues<typeof en>(import.meta.glob("./words.*.ts", { eager: true }));
export const { t, plural, word } = translator(words);
