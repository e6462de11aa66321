/** Sets and laps, replaced and never changed: what was chosen, and always the newest revision of each lap. */
import type { Schemas } from "../shared/api";

type Lap = Schemas["Lap"];
export type Heard = ReadonlyMap<string, Lap>;

export const NOTHING: Heard = new Map();
const MOST_HEARD = 3_000;

/** What is chosen after these were chosen, or no longer. */
export function picked(
  before: ReadonlySet<string>,
  ids: readonly string[],
  isPicked: boolean,
): ReadonlySet<string> {
  const after = new Set(before);
  for (const id of ids) {
    if (isPicked) after.add(id);
    else after.delete(id);
  }
  return after;
}

/** What was read together with what was heard since, the newest lap first. */
export function newest(read: readonly Lap[], heard: Heard): Lap[] {
  const laps = new Map(read.map((lap) => [lap.id, lap]));
  for (const lap of heard.values()) {
    const known = laps.get(lap.id);
    if (!known || known.revision <= lap.revision) laps.set(lap.id, lap);
  }
  return [...laps.values()].sort(newestFirst);
}

/** With further laps that were heard of; the oldest are forgotten. */
export function hearing(heard: Heard, laps: readonly Lap[]): Heard {
  const entries = laps.map((lap) => [lap.id, lap] as const);
  return new Map([...heard, ...entries].slice(-MOST_HEARD));
}

/** What is newer than what was read; nobody needs the rest. */
export function newerThan(read: readonly Lap[], heard: Heard): Heard {
  const revisions = new Map(read.map((lap) => [lap.id, lap.revision]));
  return new Map([...heard].filter(([id, lap]) => (revisions.get(id) ?? 0) < lap.revision));
}

function newestFirst(one: Lap, other: Lap): number {
  return one.official_at < other.official_at ? 1 : one.official_at > other.official_at ? -1 : 0;
}
