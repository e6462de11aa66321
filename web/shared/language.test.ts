import { describe, expect, it } from "vitest";
import { CATALOGUES, chosen, plural, t } from "./language";

const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

describe.each(Object.entries(CATALOGUES))("the catalogue %s", (_language, catalogue) => {
  it("has the keys of the English one, in its order", () => {
    expect(Object.keys(catalogue)).toEqual(Object.keys(CATALOGUES.en));
  });

  it.each(Object.entries(CATALOGUES.en))("has the holes of %s", (key, english) => {
    const text = catalogue[key as keyof typeof catalogue];
    expect(holes(text)).toEqual(holes(english));
    expect(text.trim()).toBe(text);
    expect(text).not.toBe("");
  });

  it("has one and other of everything counted", () => {
    const counted = Object.keys(catalogue).filter((key) => /\.(one|other)$/.test(key));
    const bases = new Set(counted.map((key) => key.replace(/\.(one|other)$/, "")));
    expect(counted.length).toBe(bases.size * 2);
  });
});

describe("the language", () => {
  it.each([
    ["?lang=it", ["en-GB"], "it"],
    ["", ["it-IT", "en"], "it"],
    ["", ["fr-FR", "it"], "it"],
    ["?lang=xx", ["de"], "en"],
    ["", [], "en"],
  ])("of %s and %j is %s", (search, browser, language) => expect(chosen(search, browser)).toBe(language));
});

it("fills holes with text that is not read again", () => {
  expect(t("home.version", { version: "{version}" })).toContain("{version}");
});

it("counts", () => expect([plural("rigs.count", 1), plural("rigs.count", 0)]).toEqual(["1 rig", "0 rigs"]));
