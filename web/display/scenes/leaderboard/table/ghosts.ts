/** The rows that a board would get if running laps ended as predicted. */
import type { Board } from "../../../../board/leaderboard";
import type { RigRow } from "../../../../shared/rows";

/** A row that the board would get if a running lap ended as predicted. */
export interface Ghost {
  /** The key of the rig. */
  readonly rig: string;
  readonly name: string | null;
  readonly place: number;
  readonly timeMs: number;
  /** To the first place; null for the first one. */
  readonly gapMs: number | null;
  /** The index of the row of the board before which it stands. */
  readonly before: number;
}

/** More would push the rows of the board too far. */
const MOST_GHOSTS = 2;

/**
 * The rows to show beside those of the board, the best place first.
 *
 * @param nameOf the name of who drives at a rig, for someone without a row.
 */
export function ghosts(
  rigs: readonly RigRow[],
  board: Board | null,
  nameOf: (rig: RigRow) => string | null,
): Ghost[] {
  const found = rigs.flatMap((rig) => {
    const { predicted_place: place, predicted_ms: timeMs, entrant, id } = rig;
    if (!board || rig.track !== board.circuit || rig.state !== "live" || !place || !timeMs) return [];
    const at = board.rows.findIndex((row) => row.position >= place);
    const firstMs = board.rows[0]?.best_lap_ms ?? null;
    return [
      {
        rig: id,
        name: board.rows.find((row) => row.id === entrant)?.name ?? nameOf(rig),
        place,
        timeMs,
        gapMs: place === 1 || firstMs === null ? null : timeMs - firstMs,
        before: at < 0 ? board.rows.length : at,
      },
    ];
  });
  return found.sort((ghost, other) => ghost.timeMs - other.timeMs).slice(0, MOST_GHOSTS);
}

/**
 * The items of a page of the board: its rows, and the ghosts with a place on it.
 *
 * @param places the indexes of the rows of the page.
 * @param count how many rows the board has.
 */
export function withGhosts(
  places: readonly number[],
  count: number,
  ghosts: readonly Ghost[],
): (number | Ghost)[] {
  const items: (number | Ghost)[] = places.flatMap((place) => [
    ...ghosts.filter((ghost) => ghost.before === place),
    place,
  ]);
  const isLastPage = places.at(-1) === count - 1;
  return isLastPage ? [...items, ...ghosts.filter((ghost) => ghost.before >= count)] : items;
}
