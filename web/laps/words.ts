/** The words of this page, with those that it shares. */
import { catalogues, joinCatalogues, translator } from "../shared/language/translate";
import { words as shared } from "../shared/language/words";
import type { en } from "./words.en";

export const { t, plural } = translator(
  joinCatalogues(shared, catalogues<typeof en>(import.meta.glob("./words.*.ts", { eager: true }))),
);
