/** The words of the overlays, with those that they share. */
import { catalogues, joinCatalogues, translator } from "../shared/language/translate";
import { words as shared } from "../board/words";
import type { en } from "./words.en";

export const { t, word } = translator(
  joinCatalogues(shared, catalogues<typeof en>(import.meta.glob("./words.*.ts", { eager: true }))),
);
