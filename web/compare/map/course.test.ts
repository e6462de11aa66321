import { describe, expect, it } from "vitest";
import type { Line, Model } from "../model";
import { drawnCourse, pathBetween, placeAtSameTime, startMark } from "./course";

const line = (index: number, channels: Line["channels"]): Line => ({ index, deltaMs: [], channels });
const SQUARE = { x_m: [0, 100, 100, 0, 0], z_m: [0, 0, 100, 100, 0] };
const model = (...lines: Line[]): Model => ({
  lengthM: 8,
  placesM: [0, 2, 4, 6, 8],
  lines,
  reference: 0,
  corners: [],
});
const BOX = { width: 220, height: 220 };

describe("the course", () => {
  it("fills the box with the line of the reference", () => {
    const drawn = drawnCourse(model(line(0, SQUARE)), null, BOX, 10);
    expect(drawn?.base[0]).toEqual({ x: 10, y: 10 });
    expect(drawn?.base[2]).toEqual({ x: 210, y: 210 });
    expect(drawn?.isClose).toBe(false);
  });

  it("is that of another lap if the reference has no positions", () => {
    const drawn = drawnCourse(model(line(0, {}), line(1, SQUARE)), null, BOX, 10);
    expect(drawn?.base).toHaveLength(5);
    expect(drawnCourse(model(line(0, {})), null, BOX, 10)).toBeNull();
  });

  it("shows a short part alone", () => {
    expect(drawnCourse(model(line(0, SQUARE)), [0, 3], BOX, 10)?.isClose).toBe(true);
    expect(drawnCourse(model(line(0, SQUARE)), [0, 7], BOX, 10)?.isClose).toBe(false);
  });
});

it("has gaps in its path where positions are not known", () => {
  const points = [{ x: 0, y: 0 }, { x: 1, y: 1 }, null, { x: 3, y: 3 }];
  expect(pathBetween(points, 0, 3)).toBe("M0.0 0.0L1.0 1.0M3.0 3.0");
  expect(pathBetween(points, 1, 1)).toBe("M1.0 1.0");
});

it("finds where a lap was when the reference was at a place", () => {
  const reference = line(0, { time_ms: [0, 100, 200, 300] });
  const slower = line(1, { time_ms: [0, null, 150, 320] });
  expect(placeAtSameTime(slower, reference, 1)).toBe(2);
  expect(placeAtSameTime(slower, reference, 3)).toBe(3);
  expect(placeAtSameTime(reference, reference, 2)).toBe(2);
  expect(placeAtSameTime(line(1, {}), reference, 2)).toBe(2);
});

it("marks the line across the course, and the direction", () => {
  const straight = Array.from({ length: 20 }, (_, x) => ({ x, y: 5 }));
  expect(startMark(straight, 10)).toBe("M0.0 -5.0L0.0 15.0M12.0 -17.0L22.0 -12.0L12.0 -7.0");
  expect(startMark([{ x: 1, y: 1 }], 10)).toBe("");
});
