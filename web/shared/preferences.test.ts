import { describe, expect, it } from "vitest";
import { keeping, preferencesOf } from "./preferences";

describe("what an address says", () => {
  it("is dark, moving and of plain size by default", () => {
    expect(preferencesOf("")).toEqual({ theme: "dark", motion: true, scale: 1 });
  });

  it("is taken", () => {
    expect(preferencesOf("?theme=cvd&motion=off&scale=1.5")).toEqual({
      theme: "cvd",
      motion: false,
      scale: 1.5,
    });
  });

  it.each(["?theme=pink", "?scale=0", "?scale=-2", "?scale=x", "?scale=Infinity"])(
    "is the default in %s",
    (search) => {
      expect(preferencesOf(search)).toEqual(preferencesOf(""));
    },
  );

  it("is kept within what can be read", () => {
    expect([preferencesOf("?scale=100").scale, preferencesOf("?scale=0.01").scale]).toEqual([4, 0.5]);
  });
});

describe("a link", () => {
  it("keeps language, theme, motion and scale, and nothing else", () => {
    expect(keeping("/display", "?lang=it&theme=light&next=%2Fadmin")).toBe("/display?lang=it&theme=light");
    expect(keeping("/login?next=%2F", "?lang=it")).toBe("/login?next=%2F&lang=it");
    expect(keeping("/display", "")).toBe("/display");
  });
});
