/** The comparison that is drawn: the answers of the API for several laps against one reference, side by side. */
import type { Schemas } from "../shared/api";

export type Answer = Schemas["Comparison"];
export type Taken = Schemas["CornerTaken"];
export type Values = readonly (number | null)[];

/** A lap by distance: one value for each place, null in gaps. */
export interface Line {
  /** Index of the lap on the page, which decides its letter and colour. */
  readonly index: number;
  /** What it had lost to the reference, ms; zeros for the reference itself. */
  readonly deltaMs: Values;
  readonly channels: Readonly<Record<string, Values>>;
}

export interface ComparedCorner {
  readonly number: number;
  readonly beginsM: number;
  readonly apexM: number;
  readonly endsM: number;
  /** How each line took it, in their order; null where that is not known. */
  readonly taken: readonly (Taken | null)[];
}

export interface Model {
  readonly lengthM: number;
  readonly placesM: readonly number[];
  /** The laps with a trace, in the order of the page. */
  readonly lines: readonly Line[];
  /** Index of the reference in the lines. */
  readonly reference: number;
  readonly corners: readonly ComparedCorner[];
}

export const LETTERS = ["A", "B", "C", "D"] as const;

/**
 * The comparison of several laps.
 *
 * @param answers of each lap of the page against the reference; null for a lap that cannot be compared. That of the
 *   reference is only used where it is the only one: its comparison with itself.
 * @returns null if no lap can be shown.
 */
export function modelOf(answers: readonly (Answer | null)[], reference: number): Model | null {
  const others = answers.map((answer, index) => (index === reference ? null : answer));
  const first = others.find((answer) => answer) ?? answers[reference];
  if (!first) return null;
  const lines = answers.flatMap((answer, index): Line[] => {
    if (index === reference) return [{ index, deltaMs: first.places_m.map(() => 0), channels: first.other }];
    return answer ? [{ index, deltaMs: answer.delta_ms, channels: answer.lap }] : [];
  });
  return {
    lengthM: first.track_length_m,
    placesM: first.places_m,
    lines,
    reference: lines.findIndex(({ index }) => index === reference),
    corners: first.corners.map((corner, at) => ({
      number: corner.number,
      beginsM: corner.begins_m,
      apexM: corner.apex_m,
      endsM: corner.ends_m,
      taken: lines.map(({ index }) =>
        index === reference ? corner.other : (others[index]?.corners[at]?.lap ?? null),
      ),
    })),
  };
}

/** The index of the place that is nearest to some metres from the line. */
export function placeAt({ placesM }: Pick<Model, "placesM">, metres: number): number {
  let [low, high] = [0, placesM.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((placesM[middle] ?? 0) <= metres) low = middle;
    else high = middle;
  }
  return metres - (placesM[low] ?? 0) <= (placesM[high] ?? 0) - metres ? low : high;
}

/** The corner of a place: the one in which it is, else the next one after it; null without corners. */
export function cornerAt({ corners }: Pick<Model, "corners">, metres: number): ComparedCorner | null {
  return corners.find(({ endsM }) => metres < endsM) ?? corners[corners.length - 1] ?? null;
}

/** A wider or narrower part of the lap around a place, within the lap; null for the whole lap. */
export function zoomed(
  range: readonly [number, number],
  { factor, around, lengthM }: { factor: number; around: number; lengthM: number },
): readonly [number, number] | null {
  const width = Math.max(SHORTEST_M, (range[1] - range[0]) * factor);
  if (width >= lengthM) return null;
  const share = Math.min(1, Math.max(0, (around - range[0]) / (range[1] - range[0] || 1)));
  return within([around - width * share, around + width * (1 - share)], lengthM);
}

/** The same part of the lap, moved so far that a place is in it. */
export function showing(range: readonly [number, number], metres: number, lengthM: number) {
  const width = range[1] - range[0];
  if (metres < range[0]) return within([metres - width * EDGE, metres + width * (1 - EDGE)], lengthM);
  if (metres > range[1]) return within([metres - width * (1 - EDGE), metres + width * EDGE], lengthM);
  return range;
}

/** A part of the lap with the same length that does not leave the lap. */
export function within([from, to]: readonly [number, number], lengthM: number): readonly [number, number] {
  const width = Math.min(to - from, lengthM);
  const begin = Math.min(lengthM - width, Math.max(0, from));
  return [begin, begin + width];
}

/** A shorter part cannot be read: places are 2 m apart. */
export const SHORTEST_M = 60;
const EDGE = 0.15;
