/**
 * What the address of `/display` asks for beside the preferences: rows, rail, dwell, which board, which laps.
 *
 * What it says wrongly is as if it were not said; filters go to the server as they are, and it says what is wrong.
 */
export const FILTERS = ["format", "session_type", "assists", "weather", "compound"] as const;
export type Filter = (typeof FILTERS)[number];

export interface Options {
  /** Rows of a page; null lets the height decide. */
  readonly rows: number | null;
  /** Whether "on track now" is shown; null lets the shape of the screen decide. */
  readonly rail: boolean | null;
  /** How long a page stays. */
  readonly dwellMs: number;
  readonly meeting: string | null;
  readonly circuit: string | null;
  readonly filters: Readonly<Partial<Record<Filter, string>>>;
}

const MOST_ROWS = 40;
const DWELL_S = 12;

export function optionsOf(search: string): Options {
  const query = new URLSearchParams(search);
  const filters: Partial<Record<Filter, string>> = {};
  for (const name of FILTERS) {
    const value = query.get(name);
    if (value) filters[name] = value;
  }
  return {
    rows: whole(query.get("rows"), 1, MOST_ROWS),
    rail: query.get("rail") === "1" ? true : query.get("rail") === "0" ? false : null,
    dwellMs: (whole(query.get("dwell"), 2, 600) ?? DWELL_S) * 1000,
    meeting: query.get("meeting") || null,
    circuit: query.get("circuit") || null,
    filters,
  };
}

/** Whether the board is another one than that of the open meeting, which the server sends by itself. */
export function isOther(options: Options): boolean {
  return Boolean(options.meeting || options.circuit || Object.keys(options.filters).length);
}

function whole(text: string | null, least: number, most: number): number | null {
  return text && /^\d{1,6}$/.test(text) ? Math.min(most, Math.max(least, Number(text))) : null;
}
