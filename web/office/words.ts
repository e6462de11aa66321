/** The words that the admin page and the drivers page share, with those of all pages. */
import { translator } from "../shared/language/translate";
import { words as shared } from "../shared/language/words";
import { en } from "./words.en";
import { it } from "./words.it";

export const words = { en: { ...shared.en, ...en }, it: { ...shared.it, ...it } };
export const { t, word } = translator(words);
