/** The words that the TV page and the phone page share, with those of all pages. */
import { words as shared } from "../shared/language/words";
import { en } from "./words.en";
import { it } from "./words.it";

export const words = { en: { ...shared.en, ...en }, it: { ...shared.it, ...it } };
