import { expect, test } from "vitest";
import { inOrder, lengthOf, slideAt } from "./turn";

const slide = (id: string, place: number, shown_s: number) => ({ id, name: id, place, shown_s });
const slides = [slide("a", 1000, 3), slide("b", 2000, 10), slide("c", 3000, 5)];

test("slides are shown by their places, and equal places always in the same order", () => {
  const mixed = [slide("c", 2, 5), slide("b", 1, 5), slide("a", 2, 5)];
  expect(inOrder(mixed).map(({ id }) => id)).toEqual(["b", "a", "c"]);
});

test("each slide is shown for its own time, and after the last one the first comes again", () => {
  const shown = [0, 2_999, 3_000, 12_999, 13_000, 17_999, 18_000].map((at) => slideAt(slides, at)?.id);
  expect(shown).toEqual(["a", "a", "b", "b", "c", "c", "a"]);
  expect(lengthOf(slides)).toBe(18_000);
});

test("without slides there is none to show", () => {
  expect(slideAt([], 5_000)).toBeNull();
});
