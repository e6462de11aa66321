/** The words of the live car, with those that it shares. */
import { catalogues, joinCatalogues, translator } from "../../shared/language/translate";
import { words as shared } from "../../board/words";
import type { en } from "./words.en";

export const { t, plural, word } = translator(
  joinCatalogues(shared, catalogues<typeof en>(import.meta.glob("./words.*.ts", { eager: true }))),
);
