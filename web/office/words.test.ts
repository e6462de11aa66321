import { describe, expect, it } from "vitest";
import { en } from "./words.en";
import { it as italian } from "./words.it";

const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

describe("the words of those who run the evening", () => {
  it("are the same in Italian, in the same order", () =>
    expect(Object.keys(italian)).toEqual(Object.keys(en)));

  it.each(Object.entries(en))("have the holes of %s", (key, english) => {
    const text = italian[key as keyof typeof en];
    expect(holes(text)).toEqual(holes(english));
    expect(text.trim()).toBe(text);
    expect(text).not.toBe("");
  });
});
