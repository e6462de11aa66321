import { describe, expect, it } from "vitest";
import type { Schemas } from "../../../shared/api";
import { resultRows } from "./rows";

type Row = Schemas["ClassificationRow"];
const row = (position: number, facts: Partial<Row> = {}): Row => ({
  position,
  car_index: position - 1,
  name: `CAR ${position}`,
  laps: 5,
  best_lap_ms: 80_000 + position,
  total_time_ms: 400_000 + position * 1_000,
  penalties_s: 0,
  status: "finished",
  points: 0,
  grid_position: position,
  pit_stops: 0,
  ...facts,
});

describe("a race", () => {
  it("is in the order of positions, with gaps that include penalties", () => {
    const shown = resultRows([row(2, { penalties_s: 5 }), row(1)], [], true);
    expect(shown.map(({ position }) => position)).toEqual([1, 2]);
    expect(shown.map(({ gapMs }) => gapMs)).toEqual([null, 6_000]);
    expect(shown.map(({ penaltiesS }) => penaltiesS)).toEqual([null, 5]);
  });

  it("has laps instead of a gap for cars that were lapped", () => {
    const [, lapped] = resultRows([row(1), row(2, { laps: 3 })], [], true);
    expect(lapped).toMatchObject({ lapsDown: 2, gapMs: null });
  });

  it("invents no gap where a time is not known", () => {
    const [, unknown] = resultRows([row(1), row(2, { total_time_ms: null })], [], true);
    expect(unknown).toMatchObject({ gapMs: null, timeMs: null });
  });

  it("says how a drive ended", () => {
    const shown = resultRows([row(1), row(2, { status: "retired" })], [], true);
    expect(shown.map(({ status }) => status)).toEqual([null, "retired"]);
  });
});

it("of a qualifying has best laps, and no laps behind the first", () => {
  const shown = resultRows([row(1), row(2, { laps: 1 })], [], false);
  expect(shown.map(({ timeMs, gapMs, lapsDown }) => [timeMs, gapMs, lapsDown])).toEqual([
    [80_001, null, null],
    [80_002, 1, null],
  ]);
});

it("has the names of our people", () => {
  const laps = [
    { car_index: 1, driver: "Ana" },
    { car_index: 0, driver: null },
  ];
  const shown = resultRows([row(1), row(2)], laps, true);
  expect(shown.map(({ name, isOurs }) => [name, isOurs])).toEqual([
    ["CAR 1", false],
    ["Ana", true],
  ]);
});
