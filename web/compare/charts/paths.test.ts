import { expect, test } from "vitest";
import { drawLine } from "./paths";

type Point = readonly [x: number, y: number];

/** What is drawn of values 2 m apart where a pixel is so many metres wide. */
function drawnOf(
  values: readonly (number | null)[],
  { metresPerPixel = 2, isStepped = false } = {},
): Point[][] {
  const lines: Point[][] = [];
  const pen = {
    moveTo: (x: number, y: number) => void lines.push([[x, y]]),
    lineTo: (x: number, y: number) => void lines[lines.length - 1]?.push([x, y]),
  };
  drawLine(pen, {
    places: values.map((_, at) => at * 2),
    ...{ values, from: 0, to: values.length - 1, isStepped },
    x: (place) => Math.floor(place / metresPerPixel),
    y: (value) => value,
  });
  return lines;
}

test("a line goes through all points where each has a pixel", () => {
  expect(drawnOf([3, 5, 4])).toEqual([
    [
      [0, 3],
      [1, 5],
      [2, 4],
    ],
  ]);
});

test("of a level line, the ends are drawn", () => {
  expect(drawnOf([1, 7, 7, 7, 7, 2])).toEqual([
    [
      [0, 1],
      [1, 7],
      [4, 7],
      [5, 2],
    ],
  ]);
  expect(drawnOf([7, 7, 7])).toEqual([
    [
      [0, 7],
      [2, 7],
    ],
  ]);
});

test("no peak is lost where a pixel has many points", () => {
  const values = Array.from({ length: 10_000 }, (_, at) => (at === 4_321 ? 99 : at === 4_322 ? -99 : at % 7));
  const [line = []] = drawnOf(values, { metresPerPixel: 200 });
  expect(line.filter(([, y]) => Math.abs(y) === 99)).toEqual([
    [43, 99],
    [43, -99],
  ]);
});

test("a pixel of the width has four points at most", () => {
  const values = Array.from({ length: 5_000 }, (_, at) => Math.round(1_000 * Math.sin(at * at)));
  for (const metresPerPixel of [4, 10, 33]) {
    const [line = []] = drawnOf(values, { metresPerPixel });
    expect(line.length).toBeLessThanOrEqual(4 * Math.ceil(10_000 / metresPerPixel));
  }
});

test("gaps are not bridged", () => {
  expect(drawnOf([null, 1, 2, null, null, 3, 3, null])).toEqual([
    [
      [1, 1],
      [2, 2],
    ],
    [
      [5, 3],
      [6, 3],
    ],
  ]);
});

test("steps are level until the value changes", () => {
  expect(drawnOf([3, 3, 4, 4, null, 2, 1], { isStepped: true })).toEqual([
    [
      [0, 3],
      [2, 3],
      [2, 4],
      [3, 4],
    ],
    [
      [5, 2],
      [6, 2],
      [6, 1],
    ],
  ]);
});
