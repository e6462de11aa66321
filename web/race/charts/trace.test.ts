import { expect, it } from "vitest";
import { drivesOf, type Chart } from "./drives";
import { chartOf } from "./testChart";
import { gapLines, widestGap } from "./trace";

/** The lines by the index of the car. */
function lines(chart: Chart): Record<number, readonly (number | null)[]> {
  return Object.fromEntries([...gapLines(drivesOf(chart))].map(([{ car }, line]) => [car, line]));
}

it("has the gap to the car that ended the same lap first", () => {
  expect(lines(chartOf([[90, 80], [91, 78], [95]]))).toEqual({
    0: [null, 0, 1],
    1: [null, 1, 0],
    2: [null, 5],
  });
});

it("has no gaps after a lap of a car that is not known, and goes on for the others", () => {
  const crossed = [
    [100, 200, 300],
    [101, 201, 301],
    [102, null, 302],
  ];
  const times = [
    [90, 80, 80],
    [91, 80, 80],
    [92, null, 80],
  ];
  expect(lines(chartOf(times, { crossed }))).toEqual({
    0: [null, 0, null, 0],
    1: [null, 1, null, 1],
    2: [null, 2, null, null],
  });
});

it("has no gaps if the first laps were not received", () => {
  const crossed = [
    [null, 100],
    [null, 101],
  ];
  expect(
    lines(
      chartOf(
        [
          [null, 80],
          [null, 79],
        ],
        { crossed },
      ),
    ),
  ).toEqual({
    0: [null, null, null],
    1: [null, null, null],
  });
});

it("has room for all people, and for a car of the game up to a limit", () => {
  const widest = (isAi: boolean) =>
    widestGap(gapLines(drivesOf(chartOf([[90], [300]], { cars: [{}, { is_ai: isAi }] }))));
  expect(widest(true)).toBe(90);
  expect(widest(false)).toBe(210);
  expect(widestGap(gapLines(drivesOf(chartOf([[90], [91]]))))).toBe(5);
});
