/** The clock of a running lap, from a row of the view `rigs`, or the row and the facts of the view `car:<rig>`. */
import type { RigRow } from "../rows";

// The server calls a rig stale after this time without a datagram, and stops its clock too.
const STALE_AFTER_MS = 2_000;
const LONGEST_LAP_MS = 3_600_000;

export type RunningLap = Pick<
  RigRow,
  "lap_start_ms" | "heard_at_ms" | "clock_zero_ms" | "clock_stands_at_ms"
>;

/**
 * The time of the running lap; null where it is not known.
 *
 * It runs by the server's clock, and stops when the rig stops sending or this page is not connected: the page never
 * invents time that nobody measured.
 *
 * @param isRunning whether the rig sends, as far as this page knows now.
 */
export function lapClock(rig: RunningLap, now: number, isRunning: boolean): number | null {
  if (rig.lap_start_ms === null) return null;
  const runsUntil = rig.heard_at_ms === null ? now : rig.heard_at_ms + (isRunning ? STALE_AFTER_MS : 0);
  const sessionTime =
    rig.clock_zero_ms === null ? rig.clock_stands_at_ms : Math.min(now, runsUntil) - rig.clock_zero_ms;
  if (sessionTime === null) return null;
  const lapTime = sessionTime - rig.lap_start_ms;
  return lapTime >= 0 && lapTime < LONGEST_LAP_MS ? lapTime : null;
}
