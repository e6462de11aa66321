/** Who is faster where: the lap with the best time in each of many parts of the lap. */
import type { Line, Model, Values } from "../model";

/** A part of the lap and the line that is fastest there; null where none is faster or times are not known. */
export interface Stretch {
  /** Indices of places. */
  readonly from: number;
  readonly to: number;
  /** Index in the lines of the model. */
  readonly winner: number | null;
}

const PARTS = 40;
// Less is equal: traces have a sample every 16 ms.
const EQUAL_MS = 2;

/** The parts of the lap, from the line to the line. One lap alone wins nothing. */
export function stretches({ placesM, lines }: Pick<Model, "placesM" | "lines">, parts = PARTS): Stretch[] {
  const last = placesM.length - 1;
  const count = Math.min(parts, Math.max(1, last));
  return Array.from({ length: count }, (_, part) => {
    const [from, to] = [Math.round((last * part) / count), Math.round((last * (part + 1)) / count)];
    return { from, to, winner: winnerOf(lines, from, to) };
  });
}

/** How many of the stretches each line wins. */
export function wins(parts: readonly Stretch[], lines: readonly Line[]): number[] {
  return lines.map((_, at) => parts.filter(({ winner }) => winner === at).length);
}

function winnerOf(lines: readonly Line[], from: number, to: number): number | null {
  const lost = lines.map(({ deltaMs }) => lostIn(deltaMs, from, to));
  const known = lost.filter((value): value is number => value !== null);
  if (known.length < 2 || known.length < lines.length) return null;
  const [best = 0, second = 0] = [...known].sort((one, other) => one - other);
  return second - best < EQUAL_MS ? null : lost.indexOf(best);
}

function lostIn(deltaMs: Values, from: number, to: number): number | null {
  const [before, after] = [deltaMs[from] ?? null, deltaMs[to] ?? null];
  return before === null || after === null ? null : after - before;
}
