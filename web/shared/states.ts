/**
 * What a screen has to say about itself: one table of states and words for all pages, and the rule that chooses.
 *
 * StateBanner.svelte draws them. Never blank, never an invented number: what is not known yet is its own state.
 */
import { ago, clock, lapTime } from "./format";
import { t } from "./language";
import type { Status } from "./socket";

export type StateKey =
  | "connecting"
  | "no-meeting"
  | "waiting"
  | "no-laps"
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

/** How it is drawn: nothing, a line above what stays readable, a frame around it, or in the place of the content. */
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

/** What a page knows; null is not known, and says nothing. */
export interface Situation {
  readonly line: Status;
  readonly isMeetingOpen?: boolean | null;
  readonly rigs?: { readonly heard: number; readonly known: number } | null;
  readonly hasLaps?: boolean | null;
  /** The time to beat, for a board without laps. */
  readonly targetMs?: number | null;
  /** When the rig or session on this screen last sent something; null where the screen is of no single one. */
  readonly signalAt?: number | null;
  readonly isPaused?: boolean | null;
  readonly flag?: "green" | "yellow" | "sc" | "vsc" | "red" | "chequered" | null;
  readonly result?: "provisional" | "final" | null;
  /** Where the games have to send to, for whoever waits for the first rig. */
  readonly telemetry?: { readonly address: string; readonly port: number } | null;
}

export interface ScreenState extends Look {
  readonly key: StateKey;
  readonly title: string;
  readonly detail: string;
}

export const SIGNAL_LOST_MS = 2_000;

/** The one state to show: what concerns the connection first, then what hides everything else, then the session. */
export function screenState(situation: Situation, now: number): ScreenState {
  const key = chosen(situation, now);
  return { key, ...LOOKS[key], title: t(`state.${key}.title`), detail: detail(key, situation, now) };
}

function chosen({ line, ...known }: Situation, now: number): StateKey {
  if (line.state !== "live") return line.state;
  if (known.isMeetingOpen === false) return "no-meeting";
  if (known.flag === "red") return "red";
  if (known.isPaused) return "paused";
  if (known.signalAt && now - known.signalAt >= SIGNAL_LOST_MS) return "stale";
  if (known.result) return known.result;
  if (known.flag && known.flag !== "green") return known.flag;
  if (known.hasLaps !== false) return "live";
  return known.rigs?.heard === 0 ? "waiting" : "no-laps";
}

function detail(key: StateKey, situation: Situation, now: number): string {
  const { line } = situation;
  switch (key) {
    case "offline":
      return line.heardAt === null
        ? t("state.offline.never")
        : t("state.offline.detail", { clock: clock(line.heardAt) });
    case "stale":
      return t("state.stale.detail", { ago: ago(situation.signalAt ?? line.heardAt, now) });
    case "waiting":
      return waiting(situation);
    case "no-laps":
      return situation.targetMs
        ? t("state.no-laps.target", { time: lapTime(situation.targetMs) })
        : t("state.no-laps.detail");
    case "connecting":
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

function waiting({ rigs, telemetry }: Situation): string {
  const heard = rigs && rigs.known > 0 ? t("state.waiting.detail", rigs) : "";
  const how = telemetry ? t("state.waiting.how", telemetry) : "";
  return [heard, how].filter(Boolean).join(". ");
}
