/**
 * Which columns a tower shows and how large: all cars are always complete.
 *
 * A narrow place shows fewer columns; if it is high, each car has a second line instead.
 */
export const COLUMNS = [
  "position",
  "change",
  "name",
  "gap",
  "interval",
  "last",
  "best",
  "sectors",
  "tyre",
  "stops",
  "wing",
  "notes",
  "lap",
] as const;
export type ColumnName = (typeof COLUMNS)[number];
export type Kind = "race" | "best-laps";

/** Widths in em of a row; the name gets what is left, and at least what the longest name needs. */
const WIDTHS: Readonly<Record<ColumnName, number>> = {
  position: 2,
  change: 2.6,
  name: 8,
  gap: 5.4,
  interval: 5.4,
  last: 6,
  best: 6,
  sectors: 4.6,
  tyre: 3.6,
  stops: 2.8,
  wing: 3.4,
  notes: 5.6,
  lap: 2.4,
};
/** The columns of each kind of session, as they are drawn. */
const SHOWN: Readonly<Record<Kind, readonly ColumnName[]>> = {
  race: [
    "position",
    "change",
    "name",
    "gap",
    "interval",
    "last",
    "best",
    "sectors",
    "tyre",
    "stops",
    "wing",
    "notes",
  ],
  "best-laps": ["position", "name", "best", "gap", "last", "sectors", "tyre", "lap", "notes"],
};
/** What a narrow screen drops, in this order. */
const DROPPED: readonly ColumnName[] = [
  "wing",
  "lap",
  "stops",
  "sectors",
  "best",
  "notes",
  "change",
  "interval",
];

/** What the first of two lines shows; the second shows the others. */
const FIRST_LINE: readonly ColumnName[] = ["position", "name", "gap", "interval", "best"];
/** What a second line drops if it is too narrow, in this order. */
const DROPPED_SECOND: readonly ColumnName[] = ["wing", "lap", "best", "stops", "sectors"];
/** Nobody who watches a race wants to miss them. */
const NEEDED: Readonly<Record<Kind, readonly ColumnName[]>> = {
  race: ["gap", "interval", "last", "tyre", "stops", "notes"],
  "best-laps": ["best", "gap", "last", "sectors", "tyre"],
};

const SINGLE_LINE_SIZE = { height: 1, text: 0.66 };
/** Of two lines: their share of the height of a row, and the text's share of the line. */
const FIRST_LINE_SIZE = { height: 0.51, text: 0.94 };
const SECOND_LINE_SIZE = { height: 0.43, text: 0.9 };
/** Rows that are lower have no second line. */
const LEAST_TWO_LINES_PX = 34;
const SPACE_EM = 0.5;
const PADDING_EM = 0.5;
/** Below this share of the size that the height allows, columns are dropped before the text becomes smaller. */
const SMALLEST_SHARE = 0.7;
/** The same for the wing, which is empty most of the time. */
const SMALLEST_SHARE_WITH_WING = 0.95;

export interface TowerLine {
  readonly columns: readonly ColumnName[];
  /** For `grid-template-columns`. */
  readonly template: string;
  readonly fontSize: number;
  /** In pixels. */
  readonly height: number;
}

export interface TowerLayout {
  /** One or two. */
  readonly lines: readonly TowerLine[];
  readonly rowHeight: number;
}

const EM_PER_LETTER = 0.64;
const MOST_NAME_EM = 12.5;

/** The width in em that the longest of these names needs; a longer one than that is cut. */
export function nameWidth(names: readonly string[]): number {
  const letters = names.reduce((most, name) => Math.max(most, name.length), 0);
  return Math.min(MOST_NAME_EM, Math.max(WIDTHS.name, letters * EM_PER_LETTER));
}

/**
 * The layout of a tower.
 *
 * @param size of the place for the rows and the header, in pixels.
 * @param cars the number of rows besides the header.
 * @param nameEm the width that the names need.
 */
export function layoutTower(
  size: { readonly width: number; readonly height: number },
  cars: number,
  kind: Kind,
  nameEm = WIDTHS.name,
): TowerLayout {
  const rowHeight = size.height / Math.max(cars + 1, 11);
  const all = SHOWN[kind];
  const dropped = DROPPED.filter((name) => kind === "race" || name !== "best");
  // A wider name takes its width from the other columns.
  const place = { width: size.width, rowHeight, nameEm };
  const single = lineOf(all, dropped, place, SINGLE_LINE_SIZE);
  const isComplete = NEEDED[kind].every((name) => single.columns.includes(name));
  const isHigh = size.height > size.width && rowHeight >= LEAST_TWO_LINES_PX;
  if (isComplete || !isHigh) return { lines: [single], rowHeight };
  const isFirst = (name: ColumnName) =>
    FIRST_LINE.includes(name) && (kind === "best-laps" || name !== "best");
  const second = all.filter((name) => !isFirst(name));
  return {
    lines: [
      lineOf(all.filter(isFirst), [], place, FIRST_LINE_SIZE),
      lineOf(second, DROPPED_SECOND, place, SECOND_LINE_SIZE),
    ],
    rowHeight,
  };
}

interface Place {
  readonly width: number;
  readonly rowHeight: number;
  readonly nameEm: number;
}

/** A line of a row, without the columns that would make its text too small. */
function lineOf(
  all: readonly ColumnName[],
  dropped: readonly ColumnName[],
  { width, rowHeight, nameEm }: Place,
  share: { readonly height: number; readonly text: number },
): TowerLine {
  const height = rowHeight * share.height;
  const wanted = height * share.text;
  let columns = all;
  const widthOf = (names: readonly ColumnName[]) => {
    const more = names.includes("name") ? nameEm - WIDTHS.name : 0;
    return names.reduce((sum, name) => sum + WIDTHS[name] + SPACE_EM, PADDING_EM + more);
  };
  for (const name of dropped) {
    const share = name === "wing" ? SMALLEST_SHARE_WITH_WING : SMALLEST_SHARE;
    if (width / widthOf(columns) >= wanted * share) break;
    columns = columns.filter((other) => other !== name);
  }
  const fontSize = Math.min(wanted, width / widthOf(columns));
  return { columns, template: templateOf(columns), fontSize, height };
}

/** The name takes the width that is left; a line without it is spread over the width. */
function templateOf(columns: readonly ColumnName[]): string {
  const hasName = columns.includes("name");
  return columns
    .map((name) => {
      if (name === "name") return "minmax(0, 1fr)";
      return hasName ? `${WIDTHS[name]}em` : `minmax(${WIDTHS[name]}em, ${WIDTHS[name]}fr)`;
    })
    .join(" ");
}
