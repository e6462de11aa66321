/** What a rig does now, and how long its lap has lasted: the rows of the view `rigs`. */
import type { Row } from "../shared/views";

export interface RigRow extends Row {
  readonly state: "waiting" | "live" | "stale" | "offline";
  readonly heard_at_ms: number | null;
  readonly is_paused: boolean | null;
  readonly is_ended: boolean | null;
  readonly flag: string | null;
  readonly clock_zero_ms: number | null;
  readonly clock_stands_at_ms: number | null;
  readonly driver: string | null;
  readonly lap: number | null;
  readonly lap_start_ms: number | null;
  readonly last_ms: number | null;
  readonly best_ms: number | null;
  readonly is_invalid: boolean | null;
  readonly driving: string | null;
}

// A rig that was not heard for longer is stale: its clock has stopped on the server, too.
const HEARD_FOR_MS = 2_000;
const LONGEST_LAP_MS = 3_600_000;
const GONE_MS = 10 * 60_000;

/**
 * How long the lap under way has lasted; null where nothing is known.
 *
 * The clock is the server's, and runs no longer than the rig is heard: never on into what nobody saw.
 */
export function lapClock(rig: RigRow, now: number): number | null {
  if (rig.lap_start_ms === null) return null;
  const heard = rig.heard_at_ms === null ? now : rig.heard_at_ms + HEARD_FOR_MS;
  const session =
    rig.clock_zero_ms === null ? rig.clock_stands_at_ms : Math.min(now, heard) - rig.clock_zero_ms;
  if (session === null) return null;
  const lasted = session - rig.lap_start_ms;
  return lasted >= 0 && lasted < LONGEST_LAP_MS ? lasted : null;
}

/**
 * Those to show, in the order of their places; the silent ones last.
 *
 * @param placeOf where people say that a rig stands; Infinity where nobody did.
 */
export function onTrack(rigs: readonly RigRow[], now: number, placeOf: (id: string) => number): RigRow[] {
  const here = rigs.filter(
    (rig) => rig.state === "live" || rig.state === "stale" || (rig.heard_at_ms ?? 0) > now - GONE_MS,
  );
  return here.sort(
    (one, other) =>
      Number(one.state === "offline") - Number(other.state === "offline") ||
      Math.sign(placeOf(one.id) - placeOf(other.id)) ||
      (one.id < other.id ? -1 : 1),
  );
}

/** What all rigs that are driving agree on; null where they do not, or where none is. */
export function agreed<T>(rigs: readonly RigRow[], what: (rig: RigRow) => T | null): T | null {
  const driving = rigs.filter((rig) => rig.state === "live").map(what);
  const first = driving[0] ?? null;
  return driving.every((one) => one === first) ? first : null;
}
