/** Which laps the list shows, and which are chosen: all of it is in the address. */
import type { ShownLap } from "../shared/laps/importedLaps";

export type Lap = ShownLap;

/** The most laps that are compared. */
export const MOST_LAPS = 4;

/** The kinds of sessions, as the API names them. */
export const SESSION_KINDS = ["time trial", "practice", "qualifying", "race"] as const;

export interface LapFilter {
  readonly driver: string;
  readonly circuit: string;
  readonly meeting: string;
  readonly rig: string;
  /** One of the kinds of sessions, or empty. */
  readonly session: string;
  readonly validOnly: boolean;
  readonly order: "newest" | "fastest";
}

export interface ListState extends LapFilter {
  /** The ids of the chosen laps, in the order in which they were chosen. */
  readonly chosen: readonly string[];
}

export const NO_FILTER: LapFilter = {
  driver: "",
  circuit: "",
  meeting: "",
  rig: "",
  session: "",
  validOnly: false,
  order: "newest",
};

const TEXTS = ["driver", "circuit", "meeting", "rig", "session"] as const;
const isKind = (text: string | null) => SESSION_KINDS.some((kind) => kind === text);
const OWN = new Set<string>([...TEXTS, "valid", "order", "with"]);

/** The state of an address; what is wrong in it is left out. */
export function parseList(search: string): ListState {
  const query = new URLSearchParams(search);
  const ids = (query.get("with") ?? "").split(",").filter((id) => id);
  return {
    ...NO_FILTER,
    ...Object.fromEntries(TEXTS.map((name) => [name, query.get(name) ?? ""])),
    session: isKind(query.get("session")) ? (query.get("session") ?? "") : "",
    validOnly: query.get("valid") === "1",
    order: query.get("order") === "fastest" ? "fastest" : "newest",
    chosen: [...new Set(ids)].slice(0, MOST_LAPS),
  };
}

/** The query of a state, with the other parameters of an address, such as the language. */
export function queryOfList(state: ListState, search: string): string {
  const own = TEXTS.filter((name) => state[name]);
  const others = [...new URLSearchParams(search)].filter(([name]) => !OWN.has(name));
  const parts = [
    ...own.map((name) => `${name}=${encodeURIComponent(state[name])}`),
    ...(state.validOnly ? ["valid=1"] : []),
    ...(state.order === "fastest" ? ["order=fastest"] : []),
    ...(state.chosen.length ? [`with=${joined(state.chosen)}`] : []),
    ...others.map(([name, value]) => `${name}=${encodeURIComponent(value)}`),
  ];
  return parts.length ? `?${parts.join("&")}` : "";
}

/** Ids as they are in an address. */
export function joined(ids: readonly string[]): string {
  return ids.map(encodeURIComponent).join(",");
}

/** What the API is asked for: laps that count or could, with a trace. */
export function lapQuery(filter: LapFilter): Record<string, string | boolean> {
  return {
    has_trace: true,
    state: "completed",
    // The moment at which a lap counted has an index, unlike that at which it was driven.
    sort: filter.order === "fastest" ? "lap_time_ms" : "-official_at",
    ...(filter.driver && { driver_id: filter.driver }),
    ...(filter.circuit && { circuit: filter.circuit }),
    ...(filter.meeting && { meeting_id: filter.meeting }),
    ...(filter.rig && { rig: filter.rig }),
    ...(filter.session && { session_kind: filter.session }),
    ...(filter.validOnly && { is_valid: true }),
  };
}

/** Why a lap cannot be chosen besides the chosen ones; null if it can. */
export function obstacle(lap: Lap, chosen: readonly Lap[]): "other-circuit" | "full" | null {
  if (chosen.some(({ id }) => id === lap.id)) return null;
  if (chosen.some(({ circuit }) => circuit !== lap.circuit)) return "other-circuit";
  return chosen.length >= MOST_LAPS ? "full" : null;
}
