/** With which lap of a board a lap is compared, if the link does not say it. */
import type { Schemas } from "../shared/api";

type Row = Pick<Schemas["LeaderboardRow"], "entrant" | "lap_id" | "source">;

/** The best lap of a board that is not this one; null without any. Laps typed by hand have no trace. */
export function bestOther(rows: readonly Row[], lapId: string): string | null {
  return timed(rows).find((row) => row.lap_id !== lapId)?.lap_id ?? null;
}

/** The best lap of an entrant after that of the next place ahead; the leader's after that of the second. */
export function ownAndAhead(rows: readonly Row[], entrant: string): string[] {
  const known = timed(rows);
  const at = known.findIndex((row) => row.entrant === entrant);
  const [own, rival] = [known[at], at > 0 ? known[at - 1] : known[1]];
  return own ? [...(rival ? [rival.lap_id] : []), own.lap_id] : [];
}

function timed(rows: readonly Row[]): readonly Row[] {
  return rows.filter(({ source }) => source === "telemetry");
}
