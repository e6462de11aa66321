import { describe, expect, it } from "vitest";
import { chooseLanguage, translator } from "./translate";

const texts = { greeting: "Hello {name}", "rigs.one": "{count} rig", "rigs.other": "{count} rigs" } as const;
const { t, plural, word } = translator({ en: texts, it: texts });

describe("the language", () => {
  it.each([
    ["?lang=it", ["en-GB"], "it"],
    ["", ["it-IT", "en"], "it"],
    ["", ["fr-FR", "it"], "it"],
    ["?lang=xx", ["de"], "en"],
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
