/** Which rows a page shows, how high each is, and which columns there is room for. */

/** The first row of each page. The last page is as full as the others: it shows the last rows, some of them again. */
export function pageStarts(count: number, rows: number): number[] {
  const starts = [];
  for (let start = 0; start === 0 || start < count; start += rows) {
    starts.push(Math.max(0, Math.min(start, count - rows)));
  }
  return starts;
}

export interface Slot {
  readonly top: number;
  readonly height: number;
  /** How much larger its writing is than that of a common row. */
  readonly size: number;
}

const FIRST = { height: 1.5, size: 1.25 };
const PODIUM = { height: 1.2, size: 1.12 };
const COMMON = { height: 1, size: 1 };

/** Places from the top down; on the first page the first three are larger. */
export function slots(count: number, height: number, isFirst: boolean): Slot[] {
  const kinds = Array.from({ length: count }, (_, at) => {
    if (!isFirst || count < 4) return COMMON;
    return at === 0 ? FIRST : at < 3 ? PODIUM : COMMON;
  });
  const unit = height / kinds.reduce((sum, kind) => sum + kind.height, 0);
  let top = 0;
  return kinds.map((kind) => {
    const slot = { top, height: kind.height * unit, size: kind.size };
    top += slot.height;
    return slot;
  });
}

/** How many places a page has: a short board gets larger ones, so that it does not leave half of the screen empty. */
export function places(count: number, rows: number): number {
  return Math.min(rows, Math.max(count, Math.ceil(rows * 0.6)));
}

/** So many rows, where nobody says it: what can be read across a room. */
export function usualRows(height: number, width: number, viewportHeight: number, scale: number): number {
  const row = Math.max(36, 0.0667 * Math.min(width, viewportHeight)) * scale;
  return Math.min(40, Math.max(3, Math.floor(height / row)));
}

export type Column = "gap" | "laps" | "rig" | "ago" | "marks" | "sectors";

// In heights of a common row's writing, so that all rows have the same columns.
const WIDTHS: Readonly<Record<Column, number>> = {
  gap: 3,
  laps: 2,
  rig: 3.4,
  ago: 2.8,
  marks: 1.9,
  sectors: 8.4,
};
const RANK = 1.6;
const BAR = 0.22;
const LAP = 7;
const SPACE = 0.5;
const FIXED = RANK + BAR + LAP + 5 * SPACE;
const NAME = 8.5;
const SHORT_NAME = 5.5;
// The first goes last when it gets narrow; full sectors want the most room and go first.
const PRIORITY: readonly Column[] = ["gap", "laps", "rig", "ago", "marks"];

/** The columns for a width, as many as the name leaves room for; `marks` are sectors without their times. */
export function columnsFor(width: number, size: number): ReadonlySet<Column> {
  const shown = new Set<Column>();
  let left = width / size - FIXED - SHORT_NAME;
  for (const column of PRIORITY) {
    left -= WIDTHS[column] + SPACE;
    if (column === "laps") left -= NAME - SHORT_NAME;
    if (left < 0) return shown;
    shown.add(column);
  }
  if (left + WIDTHS.marks - WIDTHS.sectors >= 0) {
    shown.delete("marks");
    shown.add("sectors");
  }
  return shown;
}

/** The columns as CSS lays them out, in the order in which they are drawn. */
export function gridColumns(columns: ReadonlySet<Column>, size: number): string {
  const drawn: readonly Column[] = ["gap", "sectors", "marks", "rig", "ago", "laps"];
  const more = drawn.filter((column) => columns.has(column)).map((column) => WIDTHS[column]);
  const px = (width: number) => `${(width * size).toFixed(1)}px`;
  return [px(RANK), px(BAR), "minmax(0, 1fr)", ...[LAP, ...more].map(px)].join(" ");
}
