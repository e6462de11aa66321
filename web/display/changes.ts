/** Who has just driven a new best lap: what one board says that the one before did not. */
import type { Board, BoardRow } from "../board/standings";

export interface NewBest {
  readonly row: BoardRow;
  /** To the own best before; null with the first lap. */
  readonly gainMs: number | null;
}

// After a reconnect the board may have moved on by an hour: that is no news any more.
const NEWS_MS = 120_000;

/** New best laps, the best place first; none where there is nothing to compare with, or another board. */
export function newBests(before: Board | null, after: Board | null, now: number): NewBest[] {
  if (!before || !after || before === after) return [];
  if (before.meetingId !== after.meetingId || before.circuit !== after.circuit) return [];
  const were = new Map(before.rows.map((row) => [row.id, row]));
  return after.rows.flatMap((row) => {
    const was = were.get(row.id)?.best_lap_ms ?? null;
    const is = row.best_lap_ms;
    if (is === null || (was !== null && is >= was) || now - (row.set_at ?? 0) > NEWS_MS) return [];
    return [{ row, gainMs: was === null ? null : is - was }];
  });
}
