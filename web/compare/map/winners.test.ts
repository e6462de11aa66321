import { expect, it } from "vitest";
import type { Values } from "../model";
import { stretches, wins } from "./winners";

const lines = (...deltas: Values[]) => deltas.map((deltaMs, index) => ({ index, deltaMs, channels: {} }));
const placesM = [0, 2, 4, 6, 8];

it("finds who is faster in each part", () => {
  const compared = lines([0, 0, 0, 0, 0], [0, -10, -20, -10, 0]);
  const parts = stretches({ placesM, lines: compared }, 2);
  expect(parts).toEqual([
    { from: 0, to: 2, winner: 1 },
    { from: 2, to: 4, winner: 0 },
  ]);
  expect(wins(parts, compared)).toEqual([1, 1]);
});

it("has no winner where times are equal or not known, or where a lap is alone", () => {
  expect(stretches({ placesM, lines: lines([0, 0, 0, 0, 0], [0, 0, 1, 9, 9]) }, 2)[0]?.winner).toBeNull();
  expect(stretches({ placesM, lines: lines([0, 0, 0, 0, 0], [0, 0, null, 0, 9]) }, 2)).toEqual([
    { from: 0, to: 2, winner: null },
    { from: 2, to: 4, winner: null },
  ]);
  expect(stretches({ placesM, lines: lines([0, 0, 0, 0, 0]) }, 1)[0]?.winner).toBeNull();
});

it("has as many parts as places at most", () => {
  expect(stretches({ placesM: [0, 2], lines: lines([0, 0], [0, 5]) })).toHaveLength(1);
  expect(stretches({ placesM: [0], lines: lines([0], [0]) })).toHaveLength(1);
});
