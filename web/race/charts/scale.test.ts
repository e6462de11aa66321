import { expect, it } from "vitest";
import { segments, spread, ticks } from "./scale";

it("has ticks at whole distances", () => {
  expect(ticks(8, 12)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  expect(ticks(53, 6)).toEqual([0, 10, 20, 30, 40, 50]);
});

it("parts a line where a value is not known", () => {
  expect(segments([null, 1, 2, null, 3])).toEqual([
    [
      { lap: 1, value: 1 },
      { lap: 2, value: 2 },
    ],
    [{ lap: 4, value: 3 }],
  ]);
});

it("leaves labels where they are wanted if they do not overlap", () => {
  expect(spread([50, 20, 80], 10, 100)).toEqual([50, 20, 80]);
});

it("moves labels apart in their order, and not over the end", () => {
  expect(spread([50, 52, 51], 10, 100)).toEqual([50, 70, 60]);
  expect(spread([97, 98], 10, 100)).toEqual([85, 95]);
});
