/** Laps in the order in which they were driven. */
import type { Schemas } from "../api";

type Lap = Pick<Schemas["Lap"], "recorded_at">;

/** For `sort`: the lap that was driven last comes first. */
export function newestFirst(lap: Lap, other: Lap): number {
  return lap.recorded_at < other.recorded_at ? 1 : lap.recorded_at > other.recorded_at ? -1 : 0;
}
