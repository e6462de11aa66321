/** Which columns a tower shows and how large: all cars are always complete, and a narrow screen shows fewer columns. */
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

/** Widths in em of a row; the name gets what is left. */
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
  "notes",
  "best",
  "change",
  "interval",
];

const TEXT_SHARE = 0.66;
const SPACE_EM = 0.5;
/** Below this share of the size that the height allows, columns are dropped before the text becomes smaller. */
const SMALLEST_SHARE = 0.7;

export interface TowerLayout {
  readonly columns: readonly ColumnName[];
  /** For `grid-template-columns`. */
  readonly template: string;
  readonly rowHeight: number;
  readonly fontSize: number;
}

/**
 * The layout of a tower.
 *
 * @param size of the place for the rows and the header, in pixels.
 * @param cars the number of rows besides the header.
 */
export function layoutTower(
  size: { readonly width: number; readonly height: number },
  cars: number,
  kind: Kind,
): TowerLayout {
  const rowHeight = size.height / Math.max(cars + 1, 11);
  const wanted = rowHeight * TEXT_SHARE;
  let columns = SHOWN[kind];
  for (const name of DROPPED) {
    if (size.width / widthOf(columns) >= wanted * SMALLEST_SHARE) break;
    if (kind === "race" || name !== "best") columns = columns.filter((other) => other !== name);
  }
  const fontSize = Math.min(wanted, size.width / widthOf(columns));
  const template = columns
    .map((name) => (name === "name" ? "minmax(0, 1fr)" : `${WIDTHS[name]}em`))
    .join(" ");
  return { columns, template, rowHeight, fontSize };
}

function widthOf(columns: readonly ColumnName[]): number {
  return columns.reduce((sum, name) => sum + WIDTHS[name] + SPACE_EM, 0);
}
