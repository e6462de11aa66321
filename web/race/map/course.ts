/** The drawn course: the outline of a circuit turned and scaled to fill a box, or a circle while it is not known. */
import type { Schemas } from "../../shared/api";
import type { MapCar } from "./frames";

export type Outline = Schemas["Outline"];

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box {
  readonly width: number;
  readonly height: number;
}

const TURNS = 90;

/** A course in pixels of a box. Both kinds are closed lines that begin at the start line. */
export interface Course {
  /** At equal lap distances. */
  readonly points: readonly Point[];
  readonly pitLane: readonly Point[];
  readonly lengthM: number;
  /** Lap distances at which sectors 2 and 3 begin. */
  readonly sectorsM: readonly number[];
  /** Where a car is; null if it is not known. */
  readonly place: (car: MapCar) => Point | null;
}

/**
 * The course of an outline.
 *
 * It is turned so that it fills the box best, by at most 90 degrees from the game's own axes. Seen from above with x to
 * the right and z down, the games' worlds are not mirrored: their cars have their right side on the right.
 */
export function courseOf(outline: Outline, box: Box, margin: number): Course {
  const world = outline.points_m.map(([x = 0, z = 0]) => ({ x, y: z }));
  const lane = outline.pit_lane?.points_m.map(([x = 0, z = 0]) => ({ x, y: z })) ?? [];
  const toBox = fit(world, box, margin);
  return {
    points: world.map(toBox),
    pitLane: lane.map(toBox),
    lengthM: outline.track_length_m,
    sectorsM: [outline.sector2_start_m, outline.sector3_start_m].filter(
      (start): start is number => start !== null,
    ),
    place: ({ x, z }) => (Number.isFinite(x) && Number.isFinite(z) ? toBox({ x, y: z }) : null),
  };
}

/** A circle that is driven clockwise from the top, on which cars are placed by their lap distance. */
export function circleCourse(lengthM: number | null, box: Box, margin: number): Course {
  const radius = Math.max(10, Math.min(box.width, box.height) / 2 - margin);
  const at = (share: number): Point => ({
    x: box.width / 2 + radius * Math.sin(2 * Math.PI * share),
    y: box.height / 2 - radius * Math.cos(2 * Math.PI * share),
  });
  return {
    points: Array.from({ length: 180 }, (_, index) => at(index / 180)),
    pitLane: [],
    lengthM: lengthM ?? 0,
    sectorsM: [],
    place: ({ lapM }) => (lengthM && Number.isFinite(lapM) ? at(lapM / lengthM) : null),
  };
}

/** The points of a course from one lap distance to another one, across the line if the end is lower. */
export function stretch({ points, lengthM }: Course, startM: number, endM: number): Point[] {
  if (!lengthM) return [];
  const metres = (((endM - startM) % lengthM) + lengthM) % lengthM || lengthM;
  const steps = Math.max(1, Math.ceil((metres / lengthM) * points.length));
  return Array.from({ length: steps + 1 }, (_, step) =>
    pointAt(points, (startM + (metres * step) / steps) / lengthM),
  );
}

/** A short line across the course, at a lap distance. */
export function crossLine(course: Course, lapM: number, half: number): readonly [Point, Point] {
  const share = course.lengthM ? lapM / course.lengthM : 0;
  const [point, ahead] = [pointAt(course.points, share), pointAt(course.points, share + 0.004)];
  const size = Math.hypot(ahead.x - point.x, ahead.y - point.y) || 1;
  const across = { x: (-(ahead.y - point.y) / size) * half, y: ((ahead.x - point.x) / size) * half };
  return [
    { x: point.x - across.x, y: point.y - across.y },
    { x: point.x + across.x, y: point.y + across.y },
  ];
}

/** An arrow head in the direction of driving, at a share of the lap. */
export function arrowHead({ points }: Course, share: number, size: number): readonly Point[] {
  const [point, ahead] = [pointAt(points, share), pointAt(points, share + 0.004)];
  const length = Math.hypot(ahead.x - point.x, ahead.y - point.y) || 1;
  const along = { x: ((ahead.x - point.x) / length) * size, y: ((ahead.y - point.y) / length) * size };
  return [
    { x: point.x - along.x - along.y, y: point.y - along.y + along.x },
    point,
    { x: point.x - along.x + along.y, y: point.y - along.y - along.x },
  ];
}

/** A line as the `d` of an SVG path. */
export function pathOf(points: readonly Point[], isClosed = false): string {
  const text = points.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L");
  return text && `M${text}${isClosed ? "Z" : ""}`;
}

function pointAt(points: readonly Point[], share: number): Point {
  const at = (((share % 1) + 1) % 1) * points.length;
  const [before, after] = [points[Math.floor(at)], points[(Math.floor(at) + 1) % points.length]];
  if (!before || !after) return { x: 0, y: 0 };
  const part = at - Math.floor(at);
  return { x: before.x + (after.x - before.x) * part, y: before.y + (after.y - before.y) * part };
}

/** The turn and scale with which points fill a box. */
export function fit(points: readonly Point[], box: Box, margin: number): (point: Point) => Point {
  const inner = { width: Math.max(1, box.width - 2 * margin), height: Math.max(1, box.height - 2 * margin) };
  let best = { scale: 0, angle: 0, x: 0, y: 0 };
  for (let turn = 0; turn <= TURNS; turn++) {
    // From 0 outwards, so that of two equal turns the smaller one is taken.
    const angle = ((turn % 2 ? 1 : -1) * Math.ceil(turn / 2) * Math.PI) / TURNS;
    const turned = points.map((point) => turnedBy(point, angle));
    const xs = turned.map(({ x }) => x);
    const ys = turned.map(({ y }) => y);
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const scale = Math.min(inner.width / (right - left || 1), inner.height / (bottom - top || 1));
    if (scale > best.scale * 1.001) best = { scale, angle, x: (left + right) / 2, y: (top + bottom) / 2 };
  }
  return (point) => {
    const { x, y } = turnedBy(point, best.angle);
    return {
      x: box.width / 2 + (x - best.x) * best.scale,
      y: box.height / 2 + (y - best.y) * best.scale,
    };
  };
}

function turnedBy({ x, y }: Point, angle: number): Point {
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  return { x: x * cos - y * sin, y: x * sin + y * cos };
}
