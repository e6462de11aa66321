import { describe, expect, it } from "vitest";
import { LANGUAGES } from "./translate";

type Texts = Readonly<Record<string, string>>;
type WordFiles = Readonly<Record<string, Readonly<Record<string, Texts | undefined>>>>;

const files: WordFiles = import.meta.glob("/**/words.*.ts", { eager: true });
const translations = LANGUAGES.filter((code) => code !== "en");
const folders = Object.keys(files)
  .filter((path) => path.endsWith("/words.en.ts"))
  .map((path) => path.replace(/\/[^/]*$/, ""));

const textsOf = (folder: string, code: string): Texts => files[`${folder}/words.${code}.ts`]?.[code] ?? {};
const englishOf = (folder: string): Texts => textsOf(folder, "en");
const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

it("finds the words of every folder", () => expect(folders.length).toBeGreaterThanOrEqual(9));

it("finds a file of each folder for each language, and no other file", () => {
  const expected = folders.flatMap((folder) => LANGUAGES.map((code) => `${folder}/words.${code}.ts`));
  expect(Object.keys(files).sort()).toEqual(expected.sort());
});

describe.each(folders)("the words of %s", (folder) => {
  it.each(translations)("have the same keys in English and in %s, in the same order", (code) => {
    expect(Object.keys(textsOf(folder, code))).toEqual(Object.keys(englishOf(folder)));
  });

  it.each(LANGUAGES)("have the typographic apostrophe in %s", (code) => {
    const texts = Object.values(textsOf(folder, code));
    expect(texts.filter((text) => /\p{L}'\p{L}/u.test(text))).toEqual([]);
  });

  it.each(Object.entries(englishOf(folder)))("have the same holes in all languages: %s", (key, text) => {
    for (const translated of LANGUAGES.map((code) => textsOf(folder, code)[key] ?? "")) {
      expect(holes(translated)).toEqual(holes(text));
      expect(translated.trim()).toBe(translated);
      expect(translated).not.toBe("");
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
