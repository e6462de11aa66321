/**
 * The state of a screen, such as "waiting for rigs": one table for all pages, and the rule that chooses the state.
 *
 * StateBanner.svelte draws it. A screen is never blank and never shows an invented number: "not known" has states too.
 */
import type { Status } from "../connection/socket";
import { ago, clock, lapTime } from "../format";
import { t } from "../language/words";
import type { Telemetry } from "./telemetry";
import { nameCircuits } from "./room";

export type StateKey =
  | "connecting"
  | "no-meeting"
  | "waiting"
  | "no-laps"
  | "elsewhere"
  | "live"
  | "stale"
  | "offline"
  | "paused"
  | "yellow"
  | "sc"
  | "vsc"
  | "red"
  | "chequered"
  | "provisional"
  | "final"
  | "restarting";

/** How it is drawn: not at all, a bar above the content, a frame around the screen, or instead of the content. */
export type Shape = "none" | "bar" | "frame" | "placard";
export type Tone = "quiet" | "good" | "wait" | "yellow" | "bad" | "chequered";

export interface Look {
  readonly shape: Shape;
  readonly tone: Tone;
  readonly glyph: string;
}

export const LOOKS: Readonly<Record<StateKey, Look>> = {
  connecting: { shape: "placard", tone: "quiet", glyph: "○" },
  "no-meeting": { shape: "placard", tone: "quiet", glyph: "◇" },
  waiting: { shape: "placard", tone: "quiet", glyph: "◌" },
  "no-laps": { shape: "placard", tone: "quiet", glyph: "◷" },
  elsewhere: { shape: "bar", tone: "wait", glyph: "⇄" },
  live: { shape: "none", tone: "good", glyph: "●" },
  stale: { shape: "bar", tone: "wait", glyph: "◌" },
  offline: { shape: "bar", tone: "wait", glyph: "↻" },
  paused: { shape: "bar", tone: "quiet", glyph: "❚❚" },
  yellow: { shape: "frame", tone: "yellow", glyph: "⚑" },
  sc: { shape: "frame", tone: "yellow", glyph: "SC" },
  vsc: { shape: "frame", tone: "yellow", glyph: "VSC" },
  red: { shape: "frame", tone: "bad", glyph: "⚑" },
  chequered: { shape: "bar", tone: "chequered", glyph: "⚑" },
  provisional: { shape: "bar", tone: "quiet", glyph: "◔" },
  final: { shape: "bar", tone: "good", glyph: "✓" },
  restarting: { shape: "bar", tone: "wait", glyph: "↻" },
};

/** What a page knows; null is not known, and does not count. */
export interface Situation {
  readonly connection: Status;
  readonly isMeetingOpen?: boolean | null;
  readonly rigs?: {
    readonly heard: number;
    readonly known: number;
    /** No rig was heard since the server's start. */
    readonly isNoneHeardYet?: boolean;
  } | null;
  readonly hasLaps?: boolean | null;
  /** The circuits that all rigs drive, while the board is held at another one. */
  readonly drivenInstead?: readonly string[];
  /** The time to beat, for a board without laps. */
  readonly targetMs?: number | null;
  /** When the newest data arrived from the rigs on this screen; null if that does not matter here. */
  readonly signalAt?: number | null;
  readonly isPaused?: boolean | null;
  readonly flag?: "green" | "yellow" | "sc" | "vsc" | "red" | "chequered" | null;
  readonly result?: "provisional" | "final" | null;
  /** Where the games send to, shown while no rig sends. */
  readonly telemetry?: Telemetry | null;
}

/** The flag of a view of a rig as one of the states; null where it is none of them. */
export function flagOf(flag: string | null): NonNullable<Situation["flag"]> | null {
  if (flag === "safety car") return "sc";
  if (flag === "virtual safety car") return "vsc";
  return flag === "yellow" || flag === "red" || flag === "chequered" ? flag : null;
}

export interface ScreenState extends Look {
  readonly key: StateKey;
  readonly title: string;
  readonly detail: string;
  /** What to type into the game; null where rigs send, or where it is not known. */
  readonly telemetry: Telemetry | null;
}

export const SIGNAL_LOST_MS = 2_000;

/** The state to show: first the connection, then the meeting, then what the session reports. */
export function screenState(situation: Situation, now: number): ScreenState {
  const key = chooseState(situation, now);
  // Above a board without laps a bar would be all that there is to see.
  const isAlone = key === "elsewhere" && situation.hasLaps === false;
  // The laps of a board stay in view while it waits for rigs.
  const isAbove = key === "waiting" && situation.hasLaps === true;
  const shape = isAlone ? "placard" : isAbove ? "bar" : LOOKS[key].shape;
  return {
    key,
    ...LOOKS[key],
    shape,
    title: title(key, situation),
    detail: detail(key, situation, now),
    telemetry: key === "waiting" ? (situation.telemetry ?? null) : null,
  };
}

function title(key: StateKey, { drivenInstead = [] }: Situation): string {
  if (key === "elsewhere") return t("state.elsewhere.title", { circuits: nameCircuits(drivenInstead) });
  return t(`state.${key}.title`);
}

function chooseState({ connection, ...known }: Situation, now: number): StateKey {
  if (connection.state !== "live") return connection.state;
  if (known.isMeetingOpen === false) return "no-meeting";
  if (known.flag === "red") return "red";
  // A paused game may send nothing.
  if (!known.isPaused && known.signalAt && now - known.signalAt >= SIGNAL_LOST_MS) return "stale";
  // What else the rigs report belongs to their circuit and not to this board.
  if (known.drivenInstead?.length) return "elsewhere";
  if (known.isPaused) return "paused";
  if (known.result) return known.result;
  if (known.flag && known.flag !== "green") return known.flag;
  if (known.hasLaps !== false) {
    const isAwaited = known.hasLaps && known.rigs?.known && known.rigs.isNoneHeardYet;
    return isAwaited ? "waiting" : "live";
  }
  return known.rigs?.heard === 0 ? "waiting" : "no-laps";
}

function detail(key: StateKey, situation: Situation, now: number): string {
  const { connection } = situation;
  switch (key) {
    case "offline":
      return connection.heardAt === null
        ? t("state.offline.never")
        : t("state.offline.detail", { clock: clock(connection.heardAt) });
    case "stale":
      return t("state.stale.detail", { ago: ago(situation.signalAt ?? connection.heardAt, now) });
    case "waiting":
      return situation.rigs?.known ? t("state.waiting.detail", situation.rigs) : "";
    case "no-laps":
      return situation.targetMs
        ? t("state.no-laps.target", { time: lapTime(situation.targetMs) })
        : t("state.no-laps.detail");
    case "connecting":
    case "elsewhere":
    case "no-meeting":
    case "live":
    case "paused":
    case "red":
    case "restarting":
      return t(`state.${key}.detail`);
    default:
      return "";
  }
}
