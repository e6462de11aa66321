/** Geometry of the charts: ticks, parts of lines between what is not known, and labels that do not overlap. */
import type { ByLap } from "./drives";

const STEPS = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300];

/** Whole numbers from 0 up to a value, at equal distances, at most so many after 0. */
export function ticks(end: number, most: number): number[] {
  const step = STEPS.find((size) => end / size <= most) ?? Math.ceil(end / most);
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, at) => at * step);
}

export interface LapPoint {
  readonly lap: number;
  readonly value: number;
}

/** The parts of a line: neighbouring laps whose values are known. */
export function segments(line: ByLap): LapPoint[][] {
  const parts: LapPoint[][] = [];
  let part: LapPoint[] = [];
  line.forEach((value, lap) => {
    if (value === null) {
      part = [];
      return;
    }
    if (!part.length) parts.push(part);
    part.push({ lap, value });
  });
  return parts;
}

/**
 * Moves labels apart until none covers another one: as near to their wanted places as that allows, in the same order.
 *
 * @param wanted places of the centres of the labels, from the top.
 * @param height of a label.
 * @param end of the picture; labels that do not fit into it go over its top.
 */
export function spread(wanted: readonly number[], height: number, end: number): number[] {
  const order = wanted
    .map((place, index) => ({ place, index }))
    .sort((a, b) => a.place - b.place || a.index - b.index);
  let free = height / 2;
  const down = order.map(({ place }) => {
    const at = Math.max(place, free);
    free = at + height;
    return at;
  });
  const result = [...wanted];
  let last = end - height / 2;
  for (let at = order.length - 1; at >= 0; at -= 1) {
    const place = Math.min(down[at] ?? 0, last);
    last = place - height;
    result[order[at]?.index ?? 0] = place;
  }
  return result;
}
