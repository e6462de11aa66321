/** The rigs that are on track or stopped sending, and the clock of a running lap: from the rows of the view `rigs`. */
import type { RigRow } from "../shared/rows";

// The server calls a rig stale after this time without a datagram, and stops its clock too.
const STALE_AFTER_MS = 2_000;
const LONGEST_LAP_MS = 3_600_000;
const NAMED_WHILE_SILENT_MS = 10 * 60_000;

/**
 * The time of the running lap; null where it is not known.
 *
 * It runs by the server's clock, and stops when the rig stops sending: the page never invents time that nobody
 * measured.
 */
export function lapClock(rig: RigRow, now: number): number | null {
  if (rig.lap_start_ms === null) return null;
  const runsUntil = rig.heard_at_ms === null ? now : rig.heard_at_ms + STALE_AFTER_MS;
  const sessionTime =
    rig.clock_zero_ms === null ? rig.clock_stands_at_ms : Math.min(now, runsUntil) - rig.clock_zero_ms;
  if (sessionTime === null) return null;
  const lapTime = sessionTime - rig.lap_start_ms;
  return lapTime >= 0 && lapTime < LONGEST_LAP_MS ? lapTime : null;
}

type PlaceOf = (id: string) => number;

/**
 * The rigs that send, or did a moment ago, by place.
 *
 * @param placeOf the place of a rig; Infinity where it has none.
 */
export function onTrack(rigs: readonly RigRow[], placeOf: PlaceOf): RigRow[] {
  return byPlace(
    rigs.filter((rig) => rig.state === "live" || rig.state === "stale"),
    placeOf,
  );
}

/** The rigs that stopped sending in the last ten minutes, by place. */
export function gone(rigs: readonly RigRow[], now: number, placeOf: PlaceOf): RigRow[] {
  return byPlace(
    rigs.filter((rig) => rig.state === "offline" && (rig.heard_at_ms ?? 0) > now - NAMED_WHILE_SILENT_MS),
    placeOf,
  );
}

function byPlace(rigs: RigRow[], placeOf: PlaceOf): RigRow[] {
  return rigs.sort(
    (rig, other) => Math.sign(placeOf(rig.id) - placeOf(other.id)) || (rig.id < other.id ? -1 : 1),
  );
}

/** The value that all live rigs share; null where they differ, or where no rig is live. */
export function sharedValue<T>(rigs: readonly RigRow[], valueOf: (rig: RigRow) => T | null): T | null {
  const values = rigs.filter((rig) => rig.state === "live").map(valueOf);
  const first = values[0] ?? null;
  return values.every((value) => value === first) ? first : null;
}
