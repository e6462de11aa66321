/** What the TV and the phone say of a running lap. */
import { lapTime } from "../shared/format";
import type { RigRow } from "../shared/rows";

/** The key of the word beside the clock of a lap; null if the clock says everything. */
export type LapNote = "state.paused.title" | "state.stale.title" | "rail.garage" | "mark.invalid";

/**
 * @param runningMs the time of the running lap; null where it is not known.
 * @param isLive whether the rig sends, and this page is connected.
 */
export function lapNote(rig: RigRow, runningMs: number | null, isLive: boolean): LapNote | null {
  // A paused game may send nothing.
  if (rig.is_paused) return "state.paused.title";
  if (!isLive) return "state.stale.title";
  if (runningMs === null && rig.driving === "garage") return "rail.garage";
  return rig.is_invalid ? "mark.invalid" : null;
}

/** The time of a running lap: with tenths only, because more digits would flicker. */
export function runningTime(ms: number | null): string {
  return ms === null ? "–" : lapTime(ms).slice(0, -2);
}
