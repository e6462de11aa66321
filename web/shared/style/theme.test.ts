import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync(new URL("./theme.css", import.meta.url), "utf-8");
const TEXT = ["text", "quiet", "accent", "best", "personal", "slower", "bad", "wait", "good", "pit"];
const GROUNDS = ["ground", "surface", "raised"];

function tokens(theme: string): Record<string, string> {
  const blocks = [/:root \{([^}]*--ground[^}]*)\}/];
  if (theme !== "dark") blocks.push(new RegExp(`:root\\[data-theme="${theme}"\\] \\{([^}]*)\\}`));
  const declarations = blocks.flatMap((block) => [
    ...(css.match(block)?.[1] ?? "").matchAll(/--([\w-]+): (#\w{6})/g),
  ]);
  return Object.fromEntries(declarations.map((match) => [match[1], match[2]]));
}

/** WCAG 2.2's relative luminance. */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5]
    .map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)) as [
    number,
    number,
    number,
  ];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(colour: string, other: string): number {
  const [dark, light] = [luminance(colour), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

describe.each(["dark", "light", "cvd"])("in the theme %s", (theme) => {
  const colours = tokens(theme);
  const colourOf = (name: string) => colours[name] ?? "missing";

  it.each(TEXT.flatMap((text) => GROUNDS.map((ground) => [text, ground])))(
    "%s can be read on %s",
    (text, ground) => {
      expect(contrast(colourOf(text ?? ""), colourOf(ground ?? ""))).toBeGreaterThanOrEqual(4.5);
    },
  );

  it("buttons and the edges of fields have enough contrast", () => {
    expect(contrast(colourOf("on-accent"), colourOf("accent"))).toBeGreaterThanOrEqual(4.5);
    for (const ground of GROUNDS)
      expect(contrast(colourOf("edge"), colourOf(ground))).toBeGreaterThanOrEqual(3);
  });

  it.each([
    ["flag-yellow", "ink-dark"],
    ["flag-red", "ink-light"],
    ["bar-wait", "ink-dark"],
    ["bar-good", "ink-dark"],
  ])("text on %s can be read", (paint, ink) => {
    expect(contrast(colourOf(paint), colourOf(ink))).toBeGreaterThanOrEqual(4.5);
  });
});
