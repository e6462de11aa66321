/** New best laps: what differs between a board and the one before it. */
import type { Board } from "../../../board/leaderboard";
import type { BoardRow } from "../../../shared/rows";

export interface NewBest {
  readonly row: BoardRow;
  /** The difference to the driver's best lap before, below zero; null for a first lap. */
  readonly gainMs: number | null;
}

// Laps of an hour ago, which arrive after a reconnect, are no longer news.
const NEWS_FOR_MS = 120_000;

/** The new best laps, the best place first; none without a board before, or if the board is another one. */
export function newBests(before: Board | null, after: Board | null, now: number): NewBest[] {
  if (!before || !after || before === after) return [];
  if (before.meetingId !== after.meetingId || before.circuit !== after.circuit) return [];
  const rowsBefore = new Map(before.rows.map((row) => [row.id, row]));
  return after.rows.flatMap((row) => {
    const previous = rowsBefore.get(row.id)?.best_lap_ms ?? null;
    const best = row.best_lap_ms;
    if (best === null || (previous !== null && best >= previous) || now - (row.set_at ?? 0) > NEWS_FOR_MS)
      return [];
    return [{ row, gainMs: previous === null ? null : best - previous }];
  });
}
