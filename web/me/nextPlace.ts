/** What the next place on the board costs a driver, and in which sector the time is lost. */
import type { BoardRow } from "../shared/rows";

export interface NextPlace {
  /** Of drivers with equal times, the one who set the time last: the nearest. */
  readonly ahead: BoardRow;
  /** How much faster the driver must be to have the same time. */
  readonly costMs: number;
  /** The driver's best lap against that of the driver ahead, sector by sector; null where a lap has no sectors. */
  readonly sectorsMs: readonly number[] | null;
  /** The sector with the largest loss, from 1; null without sectors. */
  readonly worst: number | null;
}

/**
 * The next place; null for the leader and for a driver without a place.
 *
 * @param rows in their order.
 */
export function nextPlace(rows: readonly BoardRow[], own: BoardRow | null): NextPlace | null {
  // A driver with the same time is not ahead.
  const ahead = rows.filter((row) => own !== null && row.position < own.position).pop();
  if (!ahead || !own || own.best_lap_ms === null || ahead.best_lap_ms === null) return null;
  const sectorsMs = differences(sectorsOf(own), sectorsOf(ahead));
  return {
    ahead,
    costMs: own.best_lap_ms - ahead.best_lap_ms,
    sectorsMs,
    worst: sectorsMs && sectorsMs.indexOf(Math.max(...sectorsMs)) + 1,
  };
}

type Sectors = readonly (number | null)[];

function sectorsOf(row: BoardRow): Sectors {
  return [row.sector1_ms, row.sector2_ms, row.sector3_ms];
}

function differences(own: Sectors, ahead: Sectors): number[] | null {
  const known = own.map((sector, at) => {
    const other = ahead[at] ?? null;
    return sector === null || other === null ? null : sector - other;
  });
  return known.every((difference) => difference !== null) ? known : null;
}
