/** The words of this scene, with those that all pages share. */
import { catalogues, joinCatalogues, translator } from "../../../shared/language/translate";
import { words as shared } from "../../../shared/language/words";
import type { en } from "./words.en";

export const { t } = translator(
  joinCatalogues(shared, catalogues<typeof en>(import.meta.glob("./words.*.ts", { eager: true }))),
);
