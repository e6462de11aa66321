/** The words that the TV page and the phone page share, with those of all pages. */
import { catalogues, joinCatalogues } from "../shared/language/translate";
import { words as shared } from "../shared/language/words";
import type { en } from "./words.en";

export const words = joinCatalogues(
  shared,
  catalogues<typeof en>(import.meta.glob("./words.*.ts", { eager: true })),
);
