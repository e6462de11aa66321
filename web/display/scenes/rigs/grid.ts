/** The cards of the rigs in their order, in pages that fit the shape of the screen. */
import { compareRigs } from "../../../shared/rigs/order";
import type { BoardRow, RigRow } from "../../../shared/rows";

/** What the server has stored of a rig. */
export interface KnownRig {
  readonly rig: string;
  readonly label: string;
  readonly place: number | null;
  readonly number: number | null;
  readonly driver: { readonly name: string; readonly driver_id: string | null } | null;
}

export interface Card {
  readonly id: string;
  readonly label: string;
  /** Who sits there; null if nobody does. */
  readonly driver: string | null;
  /** Null for a rig that was not heard since the start of the server. */
  readonly row: RigRow | null;
  /** Its row of the board: that of the driver, or of the rig without one; null without a lap there. */
  readonly place: BoardRow | null;
}

export interface Grid {
  readonly columns: number;
  readonly lines: number;
}

const MOST_CARDS = 12;
const MOST_LARGE_CARDS = 6;

/** Rigs that were heard or that someone sits at, in their order. */
export function cards(
  known: Iterable<KnownRig>,
  rows: readonly RigRow[],
  board: readonly BoardRow[],
): Card[] {
  const live = new Map(rows.map((row) => [row.id, row]));
  return [...known]
    .filter(({ rig, driver, place }) => live.has(rig) || driver !== null || place !== null)
    .sort(compareRigs)
    .map(({ rig, label, driver }) => {
      const entrant = driver?.driver_id ? `d:${driver.driver_id}` : `r:${rig}`;
      const row = live.get(rig) ?? null;
      const place = board.find(({ id }) => id === entrant) ?? null;
      return { id: rig, label, driver: driver?.name ?? row?.driver ?? null, row, place };
    });
}

/** Columns and lines for so many cards; more of them than fit have pages. */
export function gridOf(count: number, isPortrait: boolean): Grid {
  const most = Math.min(count, MOST_CARDS);
  const [few, many, leastLines] = isPortrait ? [1, 2, 4] : [3, 4, 2];
  const columns = count > MOST_LARGE_CARDS ? many : few;
  return { columns, lines: Math.max(leastLines, Math.ceil(most / columns)) };
}

/** The cards of a page, of which all have the same number but the last. */
export function pageOf<T>(
  items: readonly T[],
  size: number,
  turn: number,
): { page: number; pages: number; items: T[] } {
  const pages = Math.max(1, Math.ceil(items.length / size));
  const page = turn % pages;
  return { page: page + 1, pages, items: items.slice(page * size, (page + 1) * size) };
}
