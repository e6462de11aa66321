/** The words that all pages share. */
import { translator } from "./translate";
import { en } from "./words.en";
import { it } from "./words.it";

export const words = { en, it };
export const { t, plural } = translator(words);
