/** What is worth saying: pure functions that turn what the page knows into sentences. */
import type { Board } from "../../board/leaderboard";
import { sharedValue } from "../../board/onTrack";
import type { Schemas } from "../../shared/api";
import { language } from "../../shared/language/translate";
import type { RigRow } from "../../shared/rows";
import { newBests } from "../scenes/leaderboard/newBests";
import { t } from "../words";
import { spokenTime } from "./numbers";
import type { Sentence } from "./speaker";

type QueueEntry = Schemas["QueueEntry"];
const FLAGS = ["yellow", "red", "safety car", "virtual safety car", "green", "chequered"] as const;
type Flag = (typeof FLAGS)[number];

/**
 * The new bests of a board, the best place first.
 *
 * @param since server time: what was driven before is old.
 */
export function bestNews(before: Board | null, after: Board | null, now: number, since: number): Sentence[] {
  return newBests(before, after, now)
    .filter(({ row }) => (row.set_at ?? 0) >= since)
    .map(({ row }) => {
      const values = { name: row.name ?? "", time: spokenTime(row.best_lap_ms ?? 0, language) };
      return {
        key: `best ${after?.meetingId} ${after?.circuit} ${row.id} ${row.best_lap_ms}`,
        text: row.position === 1 ? t("sound.fastest", values) : t("sound.best", values),
        tone: "best",
      };
    });
}

/** The drivers who were called to a rig since a server time. */
export function callNews(
  entries: readonly QueueEntry[],
  since: number,
  rigName: (key: string) => string,
): Sentence[] {
  return entries
    .filter(({ state, called_at: at }) => state === "called" && at !== null && Date.parse(at) >= since)
    .map(({ id, called_at: at, driver, rig }) => ({
      key: `call ${id} ${at}`,
      text: t("sound.call", { name: driver ?? "", rig: rig === null ? "" : rigName(rig) }),
      tone: "call",
    }));
}

/** What all rigs that send agree on; null where they differ or it is not known. */
export interface RoomState {
  readonly session: string | null;
  readonly flag: string | null;
  readonly isEnded: boolean | null;
}

export function roomState(rigs: readonly RigRow[]): RoomState {
  const live = rigs.filter((rig) => rig.state === "live");
  return {
    session:
      live
        .map((rig) => rig.session_id)
        .sort()
        .join(" ") || null,
    flag: sharedValue(rigs, (rig) => rig.flag),
    isEnded: sharedValue(rigs, (rig) => rig.is_ended),
  };
}

/**
 * A change of the flag, or the end of the session; nothing for the first state, or if other sessions are driven.
 *
 * @param number differs for each change, since the same flag may be shown again.
 */
export function roomNews(before: RoomState | null, after: RoomState, number: number): Sentence[] {
  if (!before || before.session !== after.session) return [];
  const news: Sentence[] = [];
  const flag = FLAGS.find((known) => known === after.flag);
  if (flag && before.flag !== null && before.flag !== flag)
    news.push({
      key: `flag ${after.session} ${flag} ${number}`,
      text: t(`sound.flag.${flag}` satisfies FlagKey),
      tone: "flag",
    });
  if (after.isEnded && before.isEnded === false)
    news.push({ key: `end ${after.session}`, text: t("sound.end"), tone: "end" });
  return news;
}
type FlagKey = `sound.flag.${Flag}`;
