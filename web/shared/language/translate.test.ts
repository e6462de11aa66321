import { describe, expect, it } from "vitest";
import { LANGUAGES, catalogues, chooseLanguage, joinCatalogues, translator } from "./translate";

const texts = { greeting: "Hello {name}", "rigs.one": "{count} rig", "rigs.other": "{count} rigs" } as const;
const { t, plural, word } = translator(catalogues<typeof texts>(filesWith(texts)));

/** The files of a folder that has the same texts in every language. */
function filesWith(content: Readonly<Record<string, string>>) {
  return Object.fromEntries(LANGUAGES.map((code) => [`./words.${code}.ts`, { [code]: content }]));
}

describe("the language", () => {
  it.each([
    ["?lang=it", ["en-GB"], "it"],
    ["", ["it-IT", "en"], "it"],
    ["", ["zz-ZZ", "it"], "it"],
    ["?lang=xx", ["zz"], "en"],
    ["", [], "en"],
  ])("of %s and %j is %s", (search, browserLanguages, language) =>
    expect(chooseLanguage(search, browserLanguages)).toBe(language),
  );
});

it("fills holes, but not those in a value", () => {
  expect(t("greeting", { name: "{name}" })).toBe("Hello {name}");
});

it("chooses between one and several", () => {
  expect([plural("rigs", 1), plural("rigs", 0)]).toEqual(["1 rig", "0 rigs"]);
});

it("shows a word of the API as it is where there is no text for it", () => {
  expect([word("rigs", "one"), word("rigs", "none")]).toEqual(["{count} rig", "none"]);
});

it("has the texts of a folder and of the folder whose words it shares, in every language", () => {
  const own = catalogues<{ readonly own: "own" }>(filesWith({ own: "own" }));
  const joined = joinCatalogues(catalogues<typeof texts>(filesWith(texts)), own);
  expect(LANGUAGES.map((code) => joined[code])).toEqual(LANGUAGES.map(() => ({ ...texts, own: "own" })));
});
