import { describe, expect, it } from "vitest";
import { withPreferences, parsePreferences } from "./preferences";

describe("the preferences of an address", () => {
  it("are dark, moving and of normal size by default", () => {
    expect(parsePreferences("")).toEqual({ theme: "dark", motion: true, scale: 1 });
  });

  it("are read from the address", () => {
    expect(parsePreferences("?theme=cvd&motion=off&scale=1.5")).toEqual({
      theme: "cvd",
      motion: false,
      scale: 1.5,
    });
  });

  it.each(["?theme=pink", "?scale=0", "?scale=-2", "?scale=x", "?scale=Infinity"])(
    "are the default for %s",
    (search) => {
      expect(parsePreferences(search)).toEqual(parsePreferences(""));
    },
  );

  it("limit the scale to sizes that can be read", () => {
    expect([parsePreferences("?scale=100").scale, parsePreferences("?scale=0.01").scale]).toEqual([4, 0.5]);
  });
});

describe("a link", () => {
  it("keeps language, theme, motion and scale, and nothing else", () => {
    expect(withPreferences("/display", "?lang=it&theme=light&next=%2Fadmin")).toBe(
      "/display?lang=it&theme=light",
    );
    expect(withPreferences("/login?next=%2F", "?lang=it")).toBe("/login?next=%2F&lang=it");
    expect(withPreferences("/display", "")).toBe("/display");
  });
});
