/** What a rig's card shows of the view `rigs`. */
import type { RigRow } from "../../shared/rows";

/** The time of the running lap; null while its clock is stopped or not known. */
export function runningMs(row: RigRow | undefined, now: number): number | null {
  if (!row || row.state !== "live" || row.clock_zero_ms === null || row.lap_start_ms === null) return null;
  const running = now - row.clock_zero_ms - row.lap_start_ms;
  return running >= 0 ? running : null;
}

/** The name of the game, such as `F1 25`. */
export function gameName(year: number | null | undefined): string {
  return year ? `F1 ${String(year).padStart(2, "0")}` : "";
}
