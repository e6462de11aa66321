/**
 * The options of the board in the address of `/display`, besides the preferences: rows, rail, dwell, board, filters.
 *
 * An option with a wrong value counts as missing. Meeting, circuit and filters are sent to the server as they are; its
 * error names those that it does not know.
 */
export const FILTERS = ["format", "session_type", "assists", "weather", "compound", "start"] as const;
export type Filter = (typeof FILTERS)[number];

export interface Options {
  /** Rows of a page; null to fill the height of the screen. */
  readonly rows: number | null;
  /** Whether the column "On track now" is shown; null to let the shape of the screen decide. */
  readonly rail: boolean | null;
  /** How long a page is shown. */
  readonly dwellMs: number;
  readonly meeting: string | null;
  readonly circuit: string | null;
  readonly filters: Readonly<Partial<Record<Filter, string>>>;
}

const MOST_ROWS = 40;
const DWELL_S = 12;

/** The options that choose the board, by their names in the address. */
export function boardParameters({ meeting, circuit, filters }: Options): Readonly<Record<string, string>> {
  return { ...(meeting && { meeting }), ...(circuit && { circuit }), ...filters };
}

export function parseOptions(search: string): Options {
  const query = new URLSearchParams(search);
  const filters: Partial<Record<Filter, string>> = {};
  for (const name of FILTERS) {
    const value = query.get(name);
    if (value) filters[name] = value;
  }
  return {
    rows: wholeNumber(query.get("rows"), 1, MOST_ROWS),
    rail: query.get("rail") === "1" ? true : query.get("rail") === "0" ? false : null,
    dwellMs: (wholeNumber(query.get("dwell"), 2, 600) ?? DWELL_S) * 1000,
    meeting: query.get("meeting") || null,
    circuit: query.get("circuit") || null,
    filters,
  };
}

/** Whether the options choose a board other than the live one, which is that of the open meeting. */
export function choosesOtherBoard(options: Options): boolean {
  return Boolean(options.meeting || options.circuit || Object.keys(options.filters).length);
}

function wholeNumber(text: string | null, least: number, most: number): number | null {
  return text && /^\d{1,6}$/.test(text) ? Math.min(most, Math.max(least, Number(text))) : null;
}
