import { describe, expect, it } from "vitest";
import {
  arrowHead,
  circleCourse,
  courseOf,
  crossLine,
  pathOf,
  stretch,
  type Outline,
  type Point,
} from "./course";
import type { MapCar } from "./frames";
import { zonePaths } from "./zones";

const BOX = { width: 600, height: 400 };
const car = (values: Partial<MapCar>): MapCar => ({
  id: "0",
  position: 1,
  flags: 0,
  x: NaN,
  z: NaN,
  lapM: NaN,
  ...values,
});

/** An ellipse of 400 points, driven clockwise as seen from above, lying across the box's long side. */
function outline(turnedBy = 0): Outline {
  const points = Array.from({ length: 400 }, (_, at) => {
    const angle = (2 * Math.PI * at) / 400;
    const [x, z] = [1_000 * Math.cos(angle) + 300, 400 * Math.sin(angle) - 2_000];
    return [x * Math.cos(turnedBy) - z * Math.sin(turnedBy), x * Math.sin(turnedBy) + z * Math.cos(turnedBy)];
  });
  return {
    track_id: 7,
    packet_format: 2025,
    circuit: "Silverstone",
    track_length_m: 4_000,
    points_m: points,
    sector2_start_m: 1_000,
    sector3_start_m: null,
    pit_lane: { entry_m: 3_800, exit_m: 200, points_m: [points[380] ?? [], points[20] ?? []] },
    marshal_zone_starts_m: [],
    laps: 1,
    revision: 1,
  };
}

const extent = (points: readonly Point[]) => ({
  left: Math.min(...points.map(({ x }) => x)),
  right: Math.max(...points.map(({ x }) => x)),
  top: Math.min(...points.map(({ y }) => y)),
  bottom: Math.max(...points.map(({ y }) => y)),
});

/** Twice the area that a line encloses; positive if it is driven clockwise on a screen. */
const area = (points: readonly Point[]) =>
  points.reduce((sum, { x, y }, at) => {
    const next = points[(at + 1) % points.length] ?? { x: 0, y: 0 };
    return sum + x * next.y - next.x * y;
  }, 0);

describe("the course of an outline", () => {
  it.each([0, 0.6, 1.57, 2.5, 4])("fills its box, however it is turned in the world: %f", (turn) => {
    const { left, right, top, bottom } = extent(courseOf(outline(turn), BOX, 20).points);
    expect(right - left).toBeGreaterThan(552);
    expect([left, top].every((edge) => edge >= 19.9)).toBe(true);
    expect([right <= 580.1, bottom <= 380.1]).toEqual([true, true]);
  });

  it.each([0, 2.5])("is never mirrored", (turn) => {
    expect(area(courseOf(outline(turn), BOX, 20).points)).toBeGreaterThan(0);
  });

  it("places a car where it is in the world, and an unknown one nowhere", () => {
    const course = courseOf(outline(1), BOX, 20);
    const [x = 0, z = 0] = outline(1).points_m[100] ?? [];
    const at = course.place(car({ x, z }));
    expect(
      Math.hypot((at?.x ?? 0) - (course.points[100]?.x ?? 0), (at?.y ?? 0) - (course.points[100]?.y ?? 0)),
    ).toBeLessThan(0.01);
    expect(course.place(car({ lapM: 100 }))).toBeNull();
  });

  it("has the sectors that are known, and the pit lane", () => {
    const course = courseOf(outline(), BOX, 20);
    expect(course.sectorsM).toEqual([1_000]);
    expect(course.pitLane).toHaveLength(2);
  });

  it("has an arrow in the direction of driving", () => {
    const course = courseOf(outline(), BOX, 20);
    const [left, tip, right] = arrowHead(course, 0, 10);
    const behind = { x: ((left?.x ?? 0) + (right?.x ?? 0)) / 2, y: ((left?.y ?? 0) + (right?.y ?? 0)) / 2 };
    const [before, ahead] = [course.points[399], course.points[1]];
    expect(((tip?.x ?? 0) - behind.x) * ((ahead?.x ?? 0) - (before?.x ?? 0))).toBeGreaterThan(0);
    expect(((tip?.y ?? 0) - behind.y) * ((ahead?.y ?? 0) - (before?.y ?? 0))).toBeGreaterThan(0);
  });

  it("has a start line across it", () => {
    const course = courseOf(outline(), BOX, 20);
    const [from, to] = crossLine(course, 0, 10);
    expect(Math.hypot(from.x - to.x, from.y - to.y)).toBeCloseTo(20);
    expect((from.x + to.x) / 2).toBeCloseTo(course.points[0]?.x ?? 0);
    const [before, ahead] = [course.points[399], course.points[1]];
    const along = { x: (ahead?.x ?? 0) - (before?.x ?? 0), y: (ahead?.y ?? 0) - (before?.y ?? 0) };
    const size = Math.hypot(along.x, along.y) * 20;
    expect(Math.abs((from.x - to.x) * along.x + (from.y - to.y) * along.y) / size).toBeLessThan(0.05);
  });
});

describe("the circle before the outline is known", () => {
  const course = circleCourse(4_000, BOX, 20);

  it("places cars by their lap distance, clockwise from the top", () => {
    const [top, right, before] = [0, 1_000, -1_000].map((lapM) => course.place(car({ lapM })));
    expect([top?.x, top?.y]).toEqual([300, 20]);
    expect([Math.round(right?.x ?? 0), Math.round(right?.y ?? 0)]).toEqual([480, 200]);
    expect(before?.x).toBeCloseTo(120);
    expect(course.place(car({ x: 1, z: 1 }))).toBeNull();
  });

  it("places nobody while the length of the lap is not known", () => {
    expect(circleCourse(null, BOX, 20).place(car({ lapM: 100 }))).toBeNull();
  });
});

describe("a stretch of the course", () => {
  const course = circleCourse(4_000, BOX, 20);

  it("goes from one lap distance to the other, also across the line", () => {
    const points = stretch(course, 3_000, 1_000);
    const ends = [points[0], points[points.length - 1]].map((point) => Math.round(point?.x ?? 0));
    expect(ends).toEqual([120, 480]);
    expect(points.every(({ y }) => y <= 201)).toBe(true);
  });

  it("shows the marshal zones with a flag that concerns everybody, until the next zone begins", () => {
    const zones = zonePaths(course, [
      [3_000, "yellow"],
      [1_000, "green"],
      [2_000, null],
    ]);
    expect(zones.map(({ id, flag }) => [id, flag])).toEqual([[0, "yellow"]]);
    expect(zones[0]?.mark.y).toBeCloseTo(20, 0);
  });
});

it("a line is the path of an SVG", () => {
  const points = [
    { x: 1, y: 2 },
    { x: 3.25, y: 4 },
  ];
  expect([pathOf(points), pathOf(points, true), pathOf([], true)]).toEqual([
    "M1.0 2.0L3.3 4.0",
    "M1.0 2.0L3.3 4.0Z",
    "",
  ]);
});
