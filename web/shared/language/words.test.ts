import { describe, expect, it } from "vitest";

type Texts = Readonly<Record<string, string>>;
type Catalogues = Readonly<Record<string, { readonly en?: Texts; readonly it?: Texts }>>;

const english: Catalogues = import.meta.glob("/**/words.en.ts", { eager: true });
const others: Catalogues = import.meta.glob("/**/words.it.ts", { eager: true });
const folders = Object.keys(english).map((path) => path.replace(/\/[^/]*$/, ""));

const englishOf = (folder: string): Texts => english[`${folder}/words.en.ts`]?.en ?? {};
const italianOf = (folder: string): Texts => others[`${folder}/words.it.ts`]?.it ?? {};
const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

it("finds the words of every folder", () => expect(folders.length).toBeGreaterThanOrEqual(9));

describe.each(folders)("the words of %s", (folder) => {
  it("have the same keys in both languages, in the same order", () => {
    expect(Object.keys(italianOf(folder))).toEqual(Object.keys(englishOf(folder)));
  });

  it.each(Object.entries(englishOf(folder)))("have the same holes in both languages: %s", (key, text) => {
    const translated = italianOf(folder)[key] ?? "";
    expect(holes(translated)).toEqual(holes(text));
    for (const each of [text, translated]) {
      expect(each.trim()).toBe(each);
      expect(each).not.toBe("");
    }
  });

  it("have a text for one and for several of everything that is counted", () => {
    const counted = Object.keys(englishOf(folder)).filter((key) => /\.(one|other)$/.test(key));
    const bases = new Set(counted.map((key) => key.replace(/\.(one|other)$/, "")));
    expect(counted.length).toBe(bases.size * 2);
  });
});

it("gives each key to one folder", () => {
  // The admin page and the board have columns of the same names.
  const keys = folders.flatMap((folder) => Object.keys(englishOf(folder)).map((key) => `${key}`));
  const repeated = keys.filter((key, at) => keys.indexOf(key) !== at);
  expect(repeated.filter((key) => !key.startsWith("board."))).toEqual([]);
});
