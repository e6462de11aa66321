/** The layout of a board page: its rows, their heights, and its columns. */

/** The index of the first row of each page. The last page is as full as the others, so it may repeat some rows. */
export function pageStarts(count: number, rows: number): number[] {
  const starts = [];
  for (let start = 0; start === 0 || start < count; start += rows) {
    starts.push(Math.max(0, Math.min(start, count - rows)));
  }
  return starts;
}

const LEADERS = 3;

/** How many leaders are on every page: none where one page is enough, or too short for both. */
export function leadersKept(count: number, rows: number): number {
  return count > rows && rows > 2 * LEADERS ? LEADERS : 0;
}

/** The indexes of the rows of a page: the leaders, and those from `start` of the others. */
export function rowsOfPage(start: number, rows: number, count: number): number[] {
  const leaders = leadersKept(count, rows);
  const others = Math.min(rows, count) - leaders;
  return Array.from({ length: rows }, (_, at) => (at < leaders ? at : start + at)).slice(0, leaders + others);
}

export interface Slot {
  readonly top: number;
  readonly height: number;
  /** The size of its text, relative to a normal row. */
  readonly size: number;
}

const FIRST = { height: 1.3, size: 1.12 };
const PODIUM = { height: 1.1, size: 1.06 };
const NORMAL = { height: 1, size: 1 };

/** The slots of a page from the top down; on the first page the first three are larger. */
export function slots(count: number, height: number, isFirst: boolean): Slot[] {
  const kinds = Array.from({ length: count }, (_, at) => {
    if (!isFirst || count < 4) return NORMAL;
    return at === 0 ? FIRST : at < 3 ? PODIUM : NORMAL;
  });
  const unit = height / kinds.reduce((sum, kind) => sum + kind.height, 0);
  let top = 0;
  return kinds.map((kind) => {
    const slot = { top, height: kind.height * unit, size: kind.size };
    top += slot.height;
    return slot;
  });
}

/** How many slots a page has. A short board gets fewer, larger slots, so that it does not leave the screen half empty. */
export function slotCount(count: number, rows: number): number {
  return Math.min(rows, Math.max(count, Math.ceil(rows * 0.6)));
}

/** How many rows a page has if the address does not say: as many as can be read from across a room. */
export function usualRows(height: number, width: number, viewportHeight: number, scale: number): number {
  const row = Math.max(36, 0.0704 * Math.min(width, viewportHeight)) * scale;
  return Math.min(40, Math.max(3, Math.floor(height / row)));
}

export type Column = "gap" | "laps" | "rig" | "ago" | "marks" | "sectors";

// In ems of a normal row, so that the columns of all rows line up.
const WIDTHS: Readonly<Record<Column, number>> = {
  gap: 4.1,
  laps: 2,
  rig: 3.4,
  ago: 2.8,
  marks: 2.6,
  sectors: 10.6,
};
const TEXT_PER_ROW = 0.68;
const SMALLEST_PX = 16;
const RANK = 1.5;
const BAR = 0.22;
const LAP = 6.3;
const SPACE = 0.5;
const FIXED = RANK + BAR + LAP + 5 * SPACE;
const NAME = 8.5;
const SHORT_NAME = 5.5;
const USUAL_NAME = 7;
// When the screen gets narrow, the last of these goes first; sector times need the most room and go before them.
const PRIORITY: readonly Column[] = ["gap", "marks", "laps", "rig", "ago"];

/**
 * The size of the text of a normal row in pixels: three quarters of it are about the height of a capital letter.
 *
 * @param rowHeight of a normal row.
 * @param scale of the screen: above 1, a narrow board gives up its columns rather than the size of its text.
 */
export function textSize(rowHeight: number, width: number, scale: number): number {
  const least = FIXED + (USUAL_NAME + (scale > 1 ? 0 : WIDTHS.gap + SPACE));
  return Math.min(TEXT_PER_ROW * rowHeight, Math.max(SMALLEST_PX, width / least));
}

/** The columns that fit into a width beside a name; `marks` are the sectors without their times. */
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

const EM_PER_LETTER = 0.56;

/** How many letters of a name fit beside the columns, in a normal row. */
export function nameLetters(width: number, size: number, columns: ReadonlySet<Column>): number {
  const others = [...columns].reduce((sum, column) => sum + WIDTHS[column] + SPACE, 0);
  return (width / size - FIXED - others) / EM_PER_LETTER;
}

/** The columns in the order in which they are drawn, as a value of `grid-template-columns`. */
export function gridColumns(columns: ReadonlySet<Column>, size: number): string {
  const drawn: readonly Column[] = ["gap", "sectors", "marks", "rig", "ago", "laps"];
  const more = drawn.filter((column) => columns.has(column)).map((column) => WIDTHS[column]);
  const px = (width: number) => `${(width * size).toFixed(1)}px`;
  return [px(RANK), px(BAR), "minmax(0, 1fr)", ...[LAP, ...more].map(px)].join(" ");
}
