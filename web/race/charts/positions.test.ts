import { expect, it } from "vitest";
import { drivesOf, standing, type Chart } from "./drives";
import { positionLines } from "./positions";
import { chartOf } from "./testChart";

/** The lines by the index of the car. */
function lines(chart: Chart): Record<number, readonly (number | null)[]> {
  return Object.fromEntries([...positionLines(drivesOf(chart))].map(([{ car }, line]) => [car, line]));
}

it("has the order of the times since the start, not of single laps", () => {
  expect(
    lines(
      chartOf([
        [90, 80],
        [91, 78],
        [95, 77],
      ]),
    ),
  ).toEqual({
    0: [null, 1, 2],
    1: [null, 2, 1],
    2: [null, 3, 3],
  });
});

it("begins at the grid where it is known", () => {
  const cars = [{ grid_position: 2 }, { grid_position: 1 }, { grid_position: 3 }];
  expect(lines(chartOf([[90], [91], []], { cars }))).toEqual({ 0: [2, 1], 1: [1, 2], 2: [3] });
});

it("ends where a car drops out, and the others move up", () => {
  expect(lines(chartOf([[90], [91, 80]]))).toEqual({ 0: [null, 1], 1: [null, 2, 1] });
});

it("has a gap where a lap of a car is not known, and goes on in the order received", () => {
  const crossed = [
    [100, 200, 300],
    [101, null, 299],
  ];
  expect(
    lines(
      chartOf(
        [
          [90, 80, 82],
          [91, null, 80],
        ],
        { crossed },
      ),
    ),
  ).toEqual({
    0: [null, 1, null, 2],
    1: [null, 2, null, 1],
  });
});

it("begins late if the first laps were not received", () => {
  expect(
    lines(
      chartOf(
        [
          [null, 80],
          [null, 79],
        ],
        {
          crossed: [
            [null, 100],
            [null, 101],
          ],
        },
      ),
    ),
  ).toEqual({
    0: [null, null, 1],
    1: [null, null, 2],
  });
});

it("has no position for cars with equal times", () => {
  expect(lines(chartOf([[90], [90], [91]]))).toEqual({ 0: [null, null], 1: [null, null], 2: [null, 3] });
  expect(lines(chartOf([[90], [90]], { crossed: [[101], [100]] }))).toEqual({ 0: [null, 2], 1: [null, 1] });
});

it("lists cars by laps and place, and those that are out last", () => {
  const cars = [{ status: "retired" }, {}, {}, { status: "finished" }];
  const drives = standing(drivesOf(chartOf([[80, 80, 80], [90], [91, 80], [90, 80]], { cars })));
  expect(drives.map(({ car }) => car)).toEqual([3, 2, 1, 0]);
});

it("names people in full and cars of the game by three letters", () => {
  const cars = [
    { name: "VERSTAPPEN" },
    { name: "Kestrel_77", is_ai: false },
    { driver: "Ana Maria" },
    { name: null },
  ];
  const drives = drivesOf(chartOf([[90], [90], [90], [90]], { cars }));
  expect(drives.map(({ name, isPerson }) => [name, isPerson])).toEqual([
    ["VER", false],
    ["Kestrel_77", true],
    ["Ana", true],
    ["3", false],
  ]);
});
