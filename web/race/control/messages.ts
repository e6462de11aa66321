/** Race control in words: each message as a sentence, and how much it matters. */
import { duration, lapTime, UNKNOWN } from "../../shared/format";
import type { ControlRow } from "../../shared/rows";
import { word as wordOfReason } from "./reasons/words";
import { t, word } from "./words";

/** What a message is about, for its mark: a warning, a best, the end of somebody's race, or news. */
export type Tone = "flag" | "bad" | "best" | "news";

export interface Message {
  readonly id: string;
  readonly text: string;
  readonly tone: Tone;
  /** By the game's clock: `12:05`. */
  readonly clock: string;
  /** The lap that the message states the time of; null for most. */
  readonly lap: { readonly car: number; readonly ms: number } | null;
  /** Lap and place on the track, empty where the message concerns no car. */
  readonly place: string;
}

/** The name of a car as people know it: the person's where known, else the game's. */
export type NameOf = (car: number | null, participant: string | null) => string;

export const nameInGame: NameOf = (_car, participant) => participant ?? t("message.unknown-car");

const TONES: Partial<Record<ControlRow["kind"], Tone>> = {
  fastest_lap: "best",
  race_winner: "best",
  penalty: "bad",
  disqualification: "bad",
  retirement: "bad",
  collision: "bad",
  warning: "flag",
  flag: "flag",
  red_flag: "bad",
  safety_car: "flag",
};
const HAS_NO_PLACE = new Set<ControlRow["kind"]>(["fastest_lap", "race_winner"]);

/** The newest messages, the newest first; at most half of them are overtakes, so that a penalty stays in sight. */
export function newestMessages(rows: readonly ControlRow[], most: number, nameOf = nameInGame): Message[] {
  const newest = rows
    .filter((row) => !isSaidBetter(row, rows))
    .sort((row, other) => other.number - row.number);
  const shownOvertakes = new Set(
    newest.filter(({ kind }) => kind === "overtake").slice(0, Math.floor(most / 2)),
  );
  return newest
    .filter((row) => row.kind !== "overtake" || shownOvertakes.has(row))
    .slice(0, most)
    .map((row) => messageOf(row, nameOf));
}

/**
 * Whether another message says better that this car is out: with a reason, else the newer one.
 *
 * The games report a car that is out as a retirement, as a penalty, or as both.
 */
function isSaidBetter(row: ControlRow, rows: readonly ControlRow[]): boolean {
  if (!saysOut(row)) return false;
  const worth = (message: ControlRow) => [reasonOf(message) === null ? 0 : 1, message.number] as const;
  const [reason, number] = worth(row);
  return rows.some((other) => {
    const [otherReason, otherNumber] = worth(other);
    const isBetter = otherReason > reason || (otherReason === reason && otherNumber > number);
    return saysOut(other) && other.car === row.car && isBetter;
  });
}

const saysOut = (row: ControlRow) => row.kind === "retirement" || row.penalty === "Retired";

/** One message in words. */
export function messageOf(row: ControlRow, nameOf: NameOf = nameInGame): Message {
  return {
    id: row.id,
    text: because(sentence(row, nameOf), reasonOf(row)),
    tone: TONES[row.kind] ?? "news",
    clock: duration(row.at_ms),
    place: placeOf(row),
    lap:
      row.kind === "fastest_lap" && row.car !== null && row.time_ms !== null
        ? { car: row.car, ms: row.time_ms }
        : null,
  };
}

function sentence(row: ControlRow, nameOf: NameOf): string {
  const name = nameOf(row.car, row.participant);
  const other = nameOf(row.other_car, row.other_participant);
  switch (row.kind) {
    case "fastest_lap":
      return t("message.fastest_lap", { name, time: lapTime(row.time_ms) });
    case "overtake":
      return t("message.overtake", { name, other });
    case "collision":
      return row.other_car === null
        ? t("message.collision.alone", { name })
        : t("message.collision", { name, other });
    case "penalty":
      if (saysOut(row)) return t("message.retirement", { name });
      return row.penalty === "Time penalty" && row.time_s !== null
        ? t("message.penalty.time", { seconds: row.time_s, name })
        : t("message.penalty", { penalty: wordOfReason("penalty", row.penalty ?? UNKNOWN), name });
    case "safety_car":
      return word("safety-car", row.detail ?? UNKNOWN);
    case "flag":
      return word("message.flag", row.detail ?? UNKNOWN);
    case "weather":
      return t("message.weather", { weather: word("weather", row.detail ?? UNKNOWN) });
    default:
      return word("message", row.kind, { name });
  }
}

function reasonOf(row: ControlRow): string | null {
  if (row.infringement !== null) return wordOfReason("infringement", row.infringement);
  if (row.kind === "retirement" && row.detail !== null) return word("retired-because", row.detail);
  if (row.kind === "drs_disabled" && row.detail !== null) return word("drs-because", row.detail);
  return null;
}

function because(message: string, reason: string | null): string {
  return reason === null ? message : t("message.because", { message, reason });
}

function placeOf(row: ControlRow): string {
  if (row.car === null || row.lap === null) return "";
  const lap = t("message.lap", { lap: row.lap });
  if (row.lap_distance_m === null || row.lap_distance_m < 0 || HAS_NO_PLACE.has(row.kind)) return lap;
  return `${lap} · ${t("message.place", { metres: row.lap_distance_m })}`;
}
