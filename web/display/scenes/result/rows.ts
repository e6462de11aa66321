/** The rows of a result as a screen shows them: names of our people, and what stands on the right of a row. */
import type { Schemas } from "../../../shared/api";

type Row = Schemas["ClassificationRow"];
export type Lap = Pick<Schemas["Lap"], "car_index" | "driver">;

export interface ResultRow {
  readonly position: number;
  /** Null where it is not known. */
  readonly name: string | null;
  /** A person of the room, whose name is that on the boards. */
  readonly isOurs: boolean;
  readonly car: number;
  /** How the drive ended, if not at the flag. */
  readonly status: string | null;
  /** In a race: the time of the winner, and of the others the gap to it. Otherwise the best lap, and the gap to it. */
  readonly timeMs: number | null;
  readonly gapMs: number | null;
  /** Laps behind the winner; null if on the lead lap, or outside races. */
  readonly lapsDown: number | null;
  readonly penaltiesS: number | null;
}

const AT_THE_FLAG = new Set(["finished", "active"]);

export function resultRows(rows: readonly Row[], laps: readonly Lap[], isRace: boolean): ResultRow[] {
  const drivers = new Map(laps.flatMap(({ car_index, driver }) => (driver ? [[car_index, driver]] : [])));
  const sorted = [...rows].sort((row, other) => row.position - other.position);
  const [winner] = sorted;
  return sorted.map((row): ResultRow => {
    const driver = drivers.get(row.car_index) ?? null;
    const lapsDown = isRace ? difference(winner?.laps, row.laps) : null;
    const isFirst = row === winner;
    const [timeMs, bestMs] = [timeOf(row, isRace), winner ? timeOf(winner, isRace) : null];
    return {
      position: row.position,
      name: driver ?? row.name,
      isOurs: driver !== null,
      car: row.car_index,
      status: AT_THE_FLAG.has(row.status) ? null : row.status,
      timeMs,
      gapMs: isFirst || lapsDown ? null : difference(timeMs, bestMs),
      lapsDown: lapsDown && lapsDown > 0 ? lapsDown : null,
      penaltiesS: isRace && row.penalties_s ? row.penalties_s : null,
    };
  });
}

/** What the order is by: the time of the race with penalties, or the best lap. */
function timeOf(row: Row, isRace: boolean): number | null {
  if (!isRace) return row.best_lap_ms;
  return row.total_time_ms === null ? null : row.total_time_ms + (row.penalties_s ?? 0) * 1000;
}

function difference(one: number | null | undefined, other: number | null | undefined): number | null {
  return typeof one === "number" && typeof other === "number" ? one - other : null;
}
