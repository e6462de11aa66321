import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync(new URL("./theme.css", import.meta.url), "utf-8");
const TEXT = ["text", "quiet", "accent", "best", "personal", "slower", "bad", "wait", "good", "pit"];
const GROUNDS = ["ground", "surface", "raised"];
const LAPS = ["lap-1", "lap-2", "lap-3", "lap-4"];
// How people see linear red, green and blue who lack one kind of cones (Machado, Oliveira and Fernandes 2009).
const VISIONS: Readonly<Record<string, readonly (readonly number[])[]>> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};
const DISTINCT = 15;

function tokens(theme: string): Record<string, string> {
  const blocks = [/:root \{([^}]*--ground[^}]*)\}/];
  if (theme !== "dark") blocks.push(new RegExp(`:root\\[data-theme="${theme}"\\] \\{([^}]*)\\}`));
  const declarations = blocks.flatMap((block) => [
    ...(css.match(block)?.[1] ?? "").matchAll(/--([\w-]+): (#\w{6})/g),
  ]);
  return Object.fromEntries(declarations.map((match) => [match[1], match[2]]));
}

type Triple = [number, number, number];

function linear(colour: string): Triple {
  return [1, 3, 5]
    .map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)) as Triple;
}

/** CIELAB of a colour, as people with this vision see it. */
function seen(colour: string, vision: string): Triple {
  const rgb = linear(colour);
  const dot = (row: readonly number[]) => row.reduce((sum, part, at) => sum + part * (rgb[at] ?? 0), 0);
  const perceived = (VISIONS[vision] ?? []).map((row) => Math.min(1, Math.max(0, dot(row)))) as Triple;
  const [x, y, z] = [
    [0.4124, 0.3576, 0.1805, 0.9505],
    [0.2126, 0.7152, 0.0722, 1],
    [0.0193, 0.1192, 0.9505, 1.089],
  ].map(([r = 0, g = 0, b = 0, white = 1]) => {
    const part = (r * perceived[0] + g * perceived[1] + b * perceived[2]) / white;
    return part > 0.008856 ? Math.cbrt(part) : 7.787 * part + 16 / 116;
  }) as Triple;
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** WCAG 2.2's relative luminance. */
function luminance(colour: string): number {
  const [r, g, b] = linear(colour);
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

  it.each(Object.keys(VISIONS))("laps that are compared have distinct colours with %s vision", (vision) => {
    for (const lap of LAPS) {
      for (const ground of GROUNDS)
        expect(contrast(colourOf(lap), colourOf(ground))).toBeGreaterThanOrEqual(3);
      for (const other of LAPS.filter((name) => name < lap)) {
        const [one, two] = [seen(colourOf(lap), vision), seen(colourOf(other), vision)];
        const difference = Math.hypot(...one.map((part, at) => part - (two[at] ?? 0)));
        expect(difference).toBeGreaterThan(DISTINCT);
      }
    }
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
