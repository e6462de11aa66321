/** The gaps of all cars to the leader at the end of each lap. */
import { lapsDriven, placesAt, type ByLap, type Drive } from "./drives";

const S = 1000;
// Beyond it, lines of people only: a car far behind would press all others together.
const MOST_QUIET_S = 90;
const LEAST_S = 5;

/** The line of each car: its gap in seconds to the car that ended the same lap first; the start has none. */
export function gapLines(drives: readonly Drive[]): Map<Drive, ByLap> {
  const laps = Array.from({ length: lapsDriven(drives) + 1 }, (_, lap) => lap);
  const leaderMs = laps.map((lap) => (lap ? leaderMsAt(drives, lap) : null));
  return new Map(
    drives.map((drive) => [drive, drive.elapsedMs.map((time, lap) => gapS(time, leaderMs[lap] ?? null))]),
  );
}

/** When the first car ended a lap, after the start; null if that is not known. */
function leaderMsAt(drives: readonly Drive[], lap: number): number | null {
  const first = [...placesAt(drives, lap)].find(([, place]) => place === 1);
  return first?.[0].elapsedMs[lap] ?? null;
}

function gapS(timeMs: number | null, leaderMs: number | null): number | null {
  return timeMs === null || leaderMs === null ? null : (timeMs - leaderMs) / S;
}

/** The gap at the bottom of the picture in seconds: room for all lines of people, and for others up to a limit. */
export function widestGap(lines: ReadonlyMap<Drive, ByLap>): number {
  const widest = [...lines].map(([{ isPerson }, line]) => {
    const gap = Math.max(0, ...line.map((value) => value ?? 0));
    return isPerson ? gap : Math.min(gap, MOST_QUIET_S);
  });
  return Math.max(LEAST_S, ...widest);
}
