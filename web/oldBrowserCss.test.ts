import postcss from "postcss";
import { expect, it } from "vitest";
import { oldBrowserCss } from "./oldBrowserCss";

/** The styles for old browsers, without line breaks. */
function adapted(css: string): string {
  return postcss([oldBrowserCss]).process(css, { from: "page.css" }).css.replace(/\s+/g, " ");
}

it.each([
  ["a row", "gap: 1rem", ".a > * + * { margin-left: 1rem }"],
  ["a row", "gap: 1rem calc(2 * var(--f))", ".a > * + * { margin-left: calc(2 * var(--f)) }"],
  ["a column", "flex-direction: column; gap: 1rem", ".a > * + * { margin-top: 1rem }"],
  [
    "lines",
    "flex-wrap: wrap; gap: 1rem 2rem",
    ".a > :not(:last-child) { margin-right: 2rem } .a > * { margin-bottom: 1rem }",
  ],
  [
    "lines of which only the first is seen",
    "flex-wrap: wrap; column-gap: 1rem",
    ".a > * + * { margin-left: 1rem }",
  ],
])("replaces the gap of %s by margins: %s", (_, gap, expected) => {
  const rule = `.a { display: flex; ${gap} }`;
  expect(adapted(rule)).toBe(`${rule}@supports not (color: revert) { ${expected} }`);
});

it("leaves the gap of a grid", () => {
  expect(adapted(".a { display: grid; gap: 1rem }")).toBe(".a { display: grid; gap: 1rem }");
});

it("resets the margins where the flex box turns or ends", () => {
  const css = adapted(`.a { display: flex; gap: 1rem }
    @media (orientation: portrait) { main .a { flex-direction: column } .a { display: block } }`);
  expect(css).toContain("main .a > * { margin: 0 }main .a > * + * { margin-top: 1rem }");
  expect(css).toContain("{ .a > * { margin: 0 } }");
});

it("replaces the scope of Svelte", () => {
  expect(adapted(".a.svelte-1x .b:where(.svelte-1x) {}")).toBe(".a.svelte-1x .b.svelte-1x {}");
});

it("breaks long words", () => {
  const rule = ".a { overflow-wrap: anywhere }";
  expect(adapted(rule)).toBe(
    `${rule}@supports not (overflow-wrap: anywhere) { .a { word-break: break-word } }`,
  );
});

it.each([
  "a:is(.b) {}",
  "a:not(.b, .c) {}",
  "a { aspect-ratio: 1 }",
  "a { height: 100dvh }",
  "a { color: color-mix(in srgb, red, blue) }",
  "@container (width > 1px) { a {} }",
])("refuses what Chromium 79 does not know: %s", (css) => {
  expect(() => adapted(css)).toThrow("Chromium 79 does not know this");
});
