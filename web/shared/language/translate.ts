/**
 * The reader's language, and the functions that put words into it.
 *
 * The language is `?lang=it` of the address, else the browser's, else English. It is chosen once, when the page opens.
 */
export const LANGUAGES = ["en", "it"] as const;
export type Language = (typeof LANGUAGES)[number];

type Texts = Readonly<Record<string, string>>;
type Holes<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Holes<Rest>
  : never;
type Values<Text extends string> =
  Holes<Text> extends never ? [] : [values: Record<Holes<Text>, string | number>];
type Counted<Key> = Key extends `${infer Base}.one` ? Base : never;

/** The texts of each language by key, all with the keys of the English ones. */
export type Catalogues<English extends Texts> = { readonly en: English } & Readonly<
  Record<Language, Readonly<Record<keyof English, string>>>
>;

export const language: Language = chooseLanguage(
  typeof location === "undefined" ? "" : location.search,
  typeof navigator === "undefined" || typeof location === "undefined" ? [] : navigator.languages,
);

/**
 * The texts of one folder, `import.meta.glob("./words.*.ts", { eager: true })`: `words.it.ts` exports `it`, and so on.
 *
 * Each file has the type of the English one; `catalogues.test.ts` checks that no folder lacks a file.
 */
export function catalogues<English extends Texts>(files: Readonly<Record<string, unknown>>) {
  const texts = LANGUAGES.map((code) => {
    const file = files[`./words.${code}.ts`] as Readonly<Record<string, Texts>> | undefined;
    return [code, file?.[code] ?? {}];
  });
  return Object.fromEntries(texts) as Catalogues<English>;
}

/** The texts of a folder, with those of the folder that it shares words with. */
export function joinCatalogues<Shared extends Texts, Own extends Texts>(
  shared: Catalogues<Shared>,
  own: Catalogues<Own>,
) {
  const texts = LANGUAGES.map((code) => [code, { ...shared[code], ...own[code] }]);
  return Object.fromEntries(texts) as Catalogues<Shared & Own>;
}

/** The functions `t`, `plural` and `word` for a folder's texts. */
export function translator<const English extends Texts>(texts: Catalogues<English>) {
  type Key = keyof English & string;
  const chosen: Texts = texts[language];

  /** The text of a key; the types know every key and the names of its holes: `t("page.signed-in", { name })`. */
  function t<K extends Key>(key: K, ...[values]: Values<English[K]>): string {
    return fillHoles(chosen[key] ?? key, values ?? {});
  }

  /** The text for a count: that of `key.one` or `key.other`, with the hole `{count}` and those of `values`. */
  function plural(key: Counted<Key>, count: number, values: Readonly<Record<string, string>> = {}): string {
    const full = `${key}.${count === 1 ? "one" : "other"}`;
    return fillHoles(chosen[full] ?? full, { ...values, count });
  }

  /** The text of a word of the API, such as a lap's state; the word itself where there is no text for it. */
  function word(group: string, name: string, values: Readonly<Record<string, string>> = {}): string {
    return fillHoles(chosen[`${group}.${name}`] ?? name, values);
  }

  return { t, plural, word };
}

/** The first of the wanted languages that the pages speak; `?lang=` goes before the browser's languages. */
export function chooseLanguage(search: string, browserLanguages: readonly string[]): Language {
  const tags = [new URLSearchParams(search).get("lang") ?? "", ...browserLanguages];
  const wanted = tags.map((tag) => tag.toLowerCase().split("-")[0]);
  return wanted.map((tag) => LANGUAGES.find((known) => known === tag)).find(Boolean) ?? "en";
}

/** A text with its holes filled; a value that contains a hole is not filled again. */
export function fillHoles(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (hole, name: string) => String(values[name] ?? hole));
}
