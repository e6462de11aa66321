/** The words that the admin page and the drivers page share, with those of all pages. */
import { catalogues, joinCatalogues, translator } from "../shared/language/translate";
import { words as shared } from "../shared/language/words";
import type { en } from "./words.en";

export const words = joinCatalogues(
  shared,
  catalogues<typeof en>(import.meta.glob("./words.*.ts", { eager: true })),
);
export const { t, word } = translator(words);
