/** What pages say of a running lap against the board: the difference at this place, and where the lap would end. */
import { delta, lapTime } from "../format";
import type { RigRow } from "../rows";

/**
 * The running lap against the driver's best, else against the first place; null in the first sector, where the lap
 * before is still news, and where it is not known.
 */
export function runningDelta(rig: RigRow): number | null {
  if (rig.state !== "live" || (rig.sector ?? 0) < 2) return null;
  return rig.delta_best_ms ?? rig.delta_first_ms ?? null;
}

/** A difference with hundredths: more digits would flicker. */
export function shortDelta(ms: number): string {
  return delta(ms).slice(0, -1);
}

/** A predicted time, with tenths: more would claim to be exact. */
export function predictedTime(ms: number): string {
  return lapTime(Math.round(ms / 100) * 100).slice(0, -2);
}
