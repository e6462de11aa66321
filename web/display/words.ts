/** The words of this page, with those that it shares. */
import { words as shared } from "../board/words";
import { translator } from "../shared/language/translate";
import { en } from "./words.en";
import { it } from "./words.it";

export const { t, plural } = translator({ en: { ...shared.en, ...en }, it: { ...shared.it, ...it } });
