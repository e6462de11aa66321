/** The words of this page, with those that it shares. */
import { translator } from "../shared/language/translate";
import { words as shared } from "../shared/language/words";
import { en } from "./words.en";
import { it } from "./words.it";

export const { t } = translator({ en: { ...shared.en, ...en }, it: { ...shared.it, ...it } });
