/**
 * Laps in the order in which they were driven.
 *
 * The API lists laps fast by `official_at`, which is newer than `recorded_at` for a lap that somebody decided about. So a
 * part of that list lacks laps only of the time before the last `official_at` in it.
 */
import type { Schemas } from "../api";

type Lap = Pick<Schemas["Lap"], "recorded_at" | "official_at">;

/** For `sort`: the lap that was driven last comes first. */
export function newestFirst(lap: Lap, other: Lap): number {
  return lap.recorded_at < other.recorded_at ? 1 : lap.recorded_at > other.recorded_at ? -1 : 0;
}

/**
 * The moment from which a part of the list has every lap; empty if it has all laps.
 *
 * @param laps the newest by `official_at`.
 * @param hasMore whether the list goes on.
 */
export function completeSince(laps: readonly Lap[], hasMore: boolean): string {
  const since = hasMore ? (laps.at(-1)?.official_at ?? "") : "";
  // Laps of an imported capture were all driven long before they became official.
  const complete = laps.filter((lap) => lap.recorded_at >= since);
  return complete.length * 2 >= laps.length ? since : "";
}
