/**
 * The words of the pages for those who run the evening, beside those of every page: `t("rig.assign")`, `t("mark.best")`.
 *
 * They are in catalogues of their own, so that TVs do not load them. Same keys, same order, same holes (tested).
 */
import { CATALOGUES, language } from "../shared/language";
import { en } from "./words.en";
import { it } from "./words.it";

const WORDS = { en: { ...CATALOGUES.en, ...en }, it: { ...CATALOGUES.it, ...it } };

type English = typeof WORDS.en;
export type Key = keyof English;
type Holes<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Holes<Rest>
  : never;
type Arguments<K extends Key> =
  Holes<English[K]> extends never ? [] : [values: Record<Holes<English[K]>, string | number>];
type Counted = { [K in Key]: K extends `${infer Base}.one` ? Base : never }[Key];

/** The text of a key, its holes filled. */
export function t<K extends Key>(key: K, ...[values]: Arguments<K>): string {
  return filled(WORDS[language][key], values ?? {});
}

/** The text for so many: `key.one` or `key.other`, whose hole is `{count}`. */
export function plural(key: Counted, count: number): string {
  return filled(WORDS[language][`${key}.${count === 1 ? "one" : "other"}` as Key], { count });
}

/** The text of a word of the API such as a state; the word itself where the catalogue has none. */
export function word(group: string, name: string): string {
  const key = `${group}.${name}`;
  return key in WORDS.en ? WORDS[language][key as Key] : name;
}

/** A text with its holes filled; what is filled in is never read for holes again. */
function filled(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (hole, name: string) => String(values[name] ?? hole));
}
