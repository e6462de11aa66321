/** The state of the page in its address: `?laps=ID,ID&reference=2&at=1200&from=900&to=1500`. */

/** The most laps that are compared. */
export const MOST_LAPS = 4;

export interface PageState {
  /** The ids of the laps, none of them twice. */
  readonly laps: readonly string[];
  /** Index of the reference in the laps. */
  readonly reference: number;
  /** The place of the cursor, metres from the line; null without a cursor. */
  readonly at: number | null;
  /** The part of the lap that is shown, in metres; null shows the whole lap. */
  readonly range: Range | null;
}

export type Range = readonly [from: number, to: number];

/** What a link asks the page to find out: with which lap of a board one is compared. */
export type Asked = AskedLap | AskedCarLap | AskedEntrant;

interface AskedLap {
  readonly lap: string;
}

/** The lap of a car in a session with a time. */
export interface AskedCarLap {
  readonly session: string;
  readonly car: number;
  readonly timeMs: number;
}

/** An entrant of a board; without a meeting and a circuit of the board that is shown now. */
interface AskedEntrant {
  readonly entrant: string;
  readonly meeting: string | null;
  readonly circuit: string | null;
}

const OWN = new Set([
  "laps",
  "reference",
  "at",
  "from",
  "to",
  "lap",
  "session",
  "car",
  "time",
  "entrant",
  "meeting",
  "circuit",
]);

/** The state of an address; what is wrong in it is left out. */
export function parseState(search: string): PageState {
  const query = new URLSearchParams(search);
  const ids = (query.get("laps") ?? "").split(",").filter((id) => id);
  const laps = [...new Set(ids)].slice(0, MOST_LAPS);
  const reference = Number(query.get("reference") ?? 1) - 1;
  const [from, to] = [metres(query.get("from")), metres(query.get("to"))];
  return {
    laps,
    reference: Number.isInteger(reference) && reference in laps ? reference : 0,
    at: metres(query.get("at")),
    range: from !== null && to !== null && to > from ? [from, to] : null,
  };
}

/**
 * What the address asks the page to find out: `?lap=ID`, `?session=ID&car=3&time=83456` or `?entrant=KEY`; null if it names
 * the laps itself.
 */
export function parseAsked(search: string): Asked | null {
  const query = new URLSearchParams(search);
  const [lap, entrant] = [query.get("lap"), query.get("entrant")];
  if (query.get("laps")) return null;
  if (lap) return { lap };
  const [session, car, timeMs] = [
    query.get("session"),
    wholeNumber(query.get("car")),
    wholeNumber(query.get("time")),
  ];
  if (session && car !== null && timeMs !== null) return { session, car, timeMs };
  return entrant ? { entrant, meeting: query.get("meeting"), circuit: query.get("circuit") } : null;
}

/** The query of a state, with the other parameters of an address, such as the language. */
export function queryOf(state: PageState, search: string): string {
  const others = [...new URLSearchParams(search)].filter(([name]) => !OWN.has(name));
  const own: [string, string | number][] = [];
  if (state.reference) own.push(["reference", state.reference + 1]);
  if (state.at !== null) own.push(["at", Math.round(state.at)]);
  if (state.range) own.push(["from", Math.round(state.range[0])], ["to", Math.round(state.range[1])]);
  const laps = state.laps.map(encodeURIComponent).join(",");
  const parts = [...own, ...others].map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  const query = [...(laps ? [`laps=${laps}`] : []), ...parts].join("&");
  return query && `?${query}`;
}

/** The state without one lap; the reference stays the same lap if it can. */
export function withoutLap(state: PageState, index: number): PageState {
  const laps = state.laps.filter((_, at) => at !== index);
  const { reference } = state;
  return { ...state, laps, reference: index === reference ? 0 : reference - (index < reference ? 1 : 0) };
}

function metres(text: string | null): number | null {
  const value = text === null || text === "" ? NaN : Number(text);
  return Number.isFinite(value) && value >= 0 ? value : null;
}

function wholeNumber(text: string | null): number | null {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null;
}
