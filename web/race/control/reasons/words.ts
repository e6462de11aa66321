/** Penalties and their reasons, by the names that the games give them. */
import { catalogues, translator } from "../../../shared/language/translate";
import type { en } from "./words.en";

export const { word } = translator(catalogues<typeof en>(import.meta.glob("./words.*.ts", { eager: true })));
