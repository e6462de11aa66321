/** Which labels of cars are shown: those that matter most, as far as none covers another one. */

import type { Point } from "./course";

interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Label {
  readonly id: string;
  /** The places that its centre may have, in pixels; the first one is best. */
  readonly places: readonly Point[];
  readonly width: number;
  readonly height: number;
  /** Lower ones are shown first. */
  readonly rank: number;
}

/** What a label must not cover. */
export interface LabelBox extends Point {
  readonly width: number;
  readonly height: number;
}

/**
 * The labels to show: for each id the number of its place.
 *
 * None covers another one, or one of `dots`.
 *
 * Of two equal ones, the one that was shown before is shown, and each label keeps its place if it can: none flickers.
 */
export function chooseLabels(
  labels: readonly Label[],
  before: ReadonlyMap<string, number>,
  dots: readonly LabelBox[] = [],
): Map<string, number> {
  const order = [...labels].sort(
    (a, b) => a.rank - b.rank || Number(before.has(b.id)) - Number(before.has(a.id)),
  );
  const boxes: LabelBox[] = [...dots];
  const chosen = new Map<string, number>();
  for (const { id, places, width, height } of order) {
    const kept = before.get(id) ?? 0;
    for (const number of [kept, ...places.keys()]) {
      const place = places[number];
      if (chosen.has(id) || !place) continue;
      const box = { ...place, width, height };
      if (boxes.some((other) => covers(other, box))) continue;
      boxes.push(box);
      chosen.set(id, number);
    }
  }
  return chosen;
}

/** Where the label of a car may be: on the outer side of the course, or on the other one, and never cut off. */
export function labelPlaces(car: Point, size: Size, map: Size, distance: number): Point[] {
  const [x, y] = [car.x - map.width / 2, car.y - map.height / 2];
  const far = Math.hypot(x, y) || 1;
  // The label is moved away until it is beside the dot, or above or below it.
  const beside = ((size.width / 2 + distance) * far) / (Math.abs(x) || 1e-9);
  const above = ((size.height / 2 + distance) * far) / (Math.abs(y) || 1e-9);
  const move = Math.min(beside, above) / far;
  const keep = (value: number, half: number, end: number) => Math.min(Math.max(value, half), end - half);
  return [1, -1].map((side) => ({
    x: keep(car.x + side * x * move, size.width / 2, map.width),
    y: keep(car.y + side * y * move, size.height / 2, map.height),
  }));
}

function covers(a: LabelBox, b: LabelBox): boolean {
  return Math.abs(a.x - b.x) < (a.width + b.width) / 2 && Math.abs(a.y - b.y) < (a.height + b.height) / 2;
}

/** The short name of a driver: three letters of the last name for drivers of the game, the first name for people. */
export function shortName(name: string | null, isPerson: boolean, fallback: string): string {
  const words = (name ?? "").split(/[\s.]+/).filter(Boolean);
  if (!words.length) return fallback;
  if (isPerson) return [...(words[0] ?? "")].slice(0, 10).join("");
  return [...(words[words.length - 1] ?? "")].slice(0, 3).join("").toUpperCase();
}
