import { expect, it } from "vitest";
import { drivesOf, type Chart } from "./drives";
import { stripsOf } from "./strategy";
import { chartOf } from "./testChart";

type Stint = readonly [car: number, first: number | null, last: number | null, compound: string | null];

function chartWith(
  laps: readonly number[],
  stints: readonly Stint[],
  visits: readonly [number, number][] = [],
): Chart {
  return {
    ...chartOf(laps.map((count) => Array.from({ length: count }, () => 80))),
    stints: {
      car_index: stints.map(([car]) => car),
      first_lap: stints.map(([, first]) => first),
      last_lap: stints.map(([, , last]) => last),
      compound: stints.map(([, , , compound]) => compound),
    },
    pit_visits: { car_index: visits.map(([car]) => car), lap_number: visits.map(([, lap]) => lap) },
  };
}
const strips = (chart: Chart) => stripsOf(chart, drivesOf(chart));

it("has a part for each stint, the running one up to the last lap", () => {
  const chart = chartWith(
    [5, 3],
    [
      [0, 4, null, "hard"],
      [0, 1, 3, "super soft"],
      [1, 1, null, "wet"],
    ],
  );
  expect(strips(chart).map(({ parts }) => parts)).toEqual([
    [
      { compound: "soft", from: 1, to: 3 },
      { compound: "hard", from: 4, to: 5 },
    ],
    [{ compound: "wet", from: 1, to: 3 }],
  ]);
});

it("has no part for laps that are not driven yet, or that nothing is known of", () => {
  const chart = chartWith(
    [5],
    [
      [0, null, 2, "soft"],
      [0, 3, 9, "medium"],
      [0, 6, null, "hard"],
    ],
  );
  expect(strips(chart)[0]?.parts).toEqual([{ compound: "medium", from: 3, to: 5 }]);
});

it("has a part without a compound where the game does not say it, or for other tyres", () => {
  const chart = chartWith(
    [2],
    [
      [0, 1, 1, null],
      [0, 2, 2, "dry"],
    ],
  );
  expect(strips(chart)[0]?.parts.map(({ compound }) => compound)).toEqual([null, null]);
});

it("counts the pit visits, and marks those after which no other stint began", () => {
  const chart = chartWith(
    [9, 9],
    [
      [0, 1, 4, "soft"],
      [0, 5, null, "hard"],
      [1, 3, null, "hard"],
    ],
    [
      [0, 3],
      [1, 2],
      [0, 7],
    ],
  );
  expect(strips(chart).map(({ visits, withoutChange }) => [visits, withoutChange])).toEqual([
    [2, [7]],
    [null, []],
  ]);
});
