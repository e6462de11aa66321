/**
 * Words in the reader's language: `?lang=it`, else the browser's, else English.
 *
 * `t("key", { hole: value })` knows every key and its holes by type. The language stays what it was when the page opened.
 */
import { en } from "./catalogue.en";
import { it } from "./catalogue.it";

export type Key = keyof typeof en;
export type Catalogue = Readonly<Record<Key, string>>;
export type Language = keyof typeof CATALOGUES;

export const CATALOGUES = { en, it } as const satisfies Record<string, Catalogue>;

type Holes<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Holes<Rest>
  : never;
type Values<K extends Key> = Record<Holes<(typeof en)[K]>, string | number>;
type Arguments<K extends Key> = Holes<(typeof en)[K]> extends never ? [] : [values: Values<K>];
type Counted = { [K in Key]: K extends `${infer Base}.one` ? Base : never }[Key];

export const language: Language = chosen(
  typeof location === "undefined" ? "" : location.search,
  typeof navigator === "undefined" || typeof location === "undefined" ? [] : navigator.languages,
);

/** The text of a key, its holes filled. */
export function t<K extends Key>(key: K, ...[values]: Arguments<K>): string {
  return filled(CATALOGUES[language][key], values ?? {});
}

/** The text for so many: `key.one` or `key.other`, whose hole is `{count}`. */
export function plural(key: Counted, count: number): string {
  return filled(CATALOGUES[language][`${key}.${count === 1 ? "one" : "other"}` as Key], { count });
}

/** The first language asked for that there is a catalogue of. */
export function chosen(search: string, browser: readonly string[]): Language {
  const wanted = [new URLSearchParams(search).get("lang") ?? "", ...browser];
  const known = wanted.map((tag) => tag.toLowerCase().split("-")[0] ?? "").find((tag) => tag in CATALOGUES);
  return (known as Language | undefined) ?? "en";
}

/** A text with its holes filled; what is filled in is never read for holes again. */
function filled(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (hole, name: string) => String(values[name] ?? hole));
}
