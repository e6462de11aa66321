/** Laps that were read and laps that were announced, merged by revision; and the selection of laps. */
import type { Schemas } from "../../shared/api";
import { newestFirst } from "../../shared/laps/lapOrder";

type Lap = Schemas["Lap"];
export type LapsById = ReadonlyMap<string, Lap>;

export const NO_LAPS: LapsById = new Map();
const MOST_ANNOUNCED = 3_000;

/**
 * The newest revision of each lap, the lap that was driven last first.
 *
 * What was read goes before an announcement of the same revision: names in it may have changed since.
 */
export function mergeLaps(read: readonly Lap[], announced: LapsById): Lap[] {
  const laps = new Map(read.map((lap) => [lap.id, lap]));
  for (const lap of announced.values()) {
    const known = laps.get(lap.id);
    if (!known || known.revision < lap.revision) laps.set(lap.id, lap);
  }
  return [...laps.values()].sort(newestFirst);
}

/** The announced laps with further ones; the oldest are dropped. */
export function addLaps(announced: LapsById, laps: readonly Lap[]): LapsById {
  const entries = laps.map((lap) => [lap.id, lap] as const);
  return new Map([...announced, ...entries].slice(-MOST_ANNOUNCED));
}

/** The announced laps that are newer than those that were read. */
export function newerThan(read: readonly Lap[], announced: LapsById): LapsById {
  const revisions = new Map(read.map((lap) => [lap.id, lap.revision]));
  return new Map([...announced].filter(([id, lap]) => (revisions.get(id) ?? 0) < lap.revision));
}

/** A selection of ids after these were selected, or no longer are. */
export function select(
  selection: ReadonlySet<string>,
  ids: readonly string[],
  isSelected: boolean,
): ReadonlySet<string> {
  const changed = new Set(selection);
  for (const id of ids) {
    if (isSelected) changed.add(id);
    else changed.delete(id);
  }
  return changed;
}
