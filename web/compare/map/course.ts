/** The course as the traces drew it, and where each lap was at one moment. */
import { fit, type Box, type Point } from "../../race/map/course";
import type { Range } from "../address";
import { placeAt, type Line, type Model, type Values } from "../model";

/** A longer part of the lap is shown on the whole course. */
const CLOSE_SHARE = 0.45;

const MOST_FITTED = 200;
// So many places after the line, the direction of driving is that of the course.
const AHEAD = 12;

export interface Drawn {
  /** The driven line of each lap in pixels, by place; null where the position is not known. */
  readonly lines: readonly (readonly (Point | null)[])[];
  /** The line on which the course is coloured: the reference, or the first lap with positions. */
  readonly base: readonly (Point | null)[];
  /** Whether only the shown part of the lap fills the box. */
  readonly isClose: boolean;
}

/** The driven lines of all laps, turned and scaled to fill a box; null without positions. */
export function drawnCourse(model: Model, range: Range | null, box: Box, margin: number): Drawn | null {
  const driven = model.lines.map(pointsOf);
  const hasPositions = (points: readonly (Point | null)[]) => points.filter((point) => point).length > 2;
  const at = [model.reference, ...driven.keys()].find((index) => hasPositions(driven[index] ?? []));
  if (at === undefined) return null;
  const isClose = range !== null && range[1] - range[0] < model.lengthM * CLOSE_SHARE;
  const part = isClose ? [placeAt(model, range[0]), placeAt(model, range[1]) + 1] : [0];
  const ofLap = (driven[at] ?? []).filter((point) => point !== null);
  const shown = (driven[at] ?? []).slice(...part).filter((point) => point !== null);
  const toBox = fit(thinned(shown.length > 2 ? shown : ofLap), box, margin);
  const lines = driven.map((points) => points.map((point) => point && toBox(point)));
  return { lines, base: lines[at] ?? [], isClose };
}

/** Some of many points, evenly spread: enough to find how the course fills its box. */
function thinned(points: readonly Point[]): readonly Point[] {
  const step = Math.ceil(points.length / MOST_FITTED);
  return points.filter((_, at) => at % step === 0);
}

/** Parts of a line as the `d` of an SVG path, with gaps where it is not known; both places belong to it. */
export function pathBetween(points: readonly (Point | null)[], from: number, to: number): string {
  let isOpen = false;
  return points
    .slice(from, to + 1)
    .map((point) => {
      if (!point) {
        isOpen = false;
        return "";
      }
      const text = `${isOpen ? "L" : "M"}${point.x.toFixed(1)} ${point.y.toFixed(1)}`;
      isOpen = true;
      return text;
    })
    .join("");
}

/** The start line across the course and the direction of driving, as the `d` of an SVG path; empty if not known. */
export function startMark(points: readonly (Point | null)[], size: number): string {
  const [point, ahead] = [points.find((each) => each) ?? null, points[AHEAD] ?? null];
  if (!point || !ahead) return "";
  const length = Math.hypot(ahead.x - point.x, ahead.y - point.y) || 1;
  const [x, y] = [((ahead.x - point.x) / length) * size, ((ahead.y - point.y) / length) * size];
  const at = (along: number, across: number) =>
    `${(point.x + x * along - y * across).toFixed(1)} ${(point.y + y * along + x * across).toFixed(1)}`;
  return `M${at(0, -1)}L${at(0, 1)}M${at(1.2, -2.2)}L${at(2.2, -1.7)}L${at(1.2, -1.2)}`;
}

/**
 * The place of a lap at the moment at which the reference was at a place: ahead of it or behind it.
 *
 * Without times, the same place.
 */
export function placeAtSameTime(line: Line, reference: Line, place: number): number {
  const [clock, own] = [reference.channels["time_ms"]?.[place] ?? null, line.channels["time_ms"]];
  if (clock === null || !own || line === reference) return place;
  return reached(own, clock) ?? place;
}

/** The first place at which a clock had reached a time; null if it never did. */
function reached(clock: Values, timeMs: number): number | null {
  const at = clock.findIndex((value) => value !== null && value >= timeMs);
  return at < 0 ? null : at;
}

function pointsOf({ channels }: Line): (Point | null)[] {
  const [xs, zs] = [channels["x_m"] ?? [], channels["z_m"] ?? []];
  return xs.map((x, at) => {
    const z = zs[at] ?? null;
    return x === null || z === null ? null : { x, y: z };
  });
}
