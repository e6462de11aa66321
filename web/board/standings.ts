/** A board as the page draws it: the rows of the view `board`, in order, wherever they came from. */
import type { Schemas } from "../shared/api";
import type { Facts, Row, View } from "../shared/views";

export type Mark = "best" | "personal" | "slower";

/** The columns of the view `board`; null is unknown. */
export interface BoardRow extends Row {
  readonly position: number;
  readonly is_equal: boolean | null;
  readonly name: string | null;
  readonly team: string | null;
  readonly colour: string | null;
  readonly rig: string | null;
  readonly best_lap_ms: number | null;
  readonly gap_ms: number | null;
  readonly sector1_ms: number | null;
  readonly sector2_ms: number | null;
  readonly sector3_ms: number | null;
  readonly s1_mark: Mark | null;
  readonly s2_mark: Mark | null;
  readonly s3_mark: Mark | null;
  readonly laps: number | null;
  readonly valid_laps: number | null;
  /** In milliseconds since 1970, by the server's clock. */
  readonly set_at: number | null;
  readonly ideal_lap_ms: number | null;
}

export interface BoardFacts extends Facts {
  readonly meeting_id?: string | null;
  readonly meeting?: string | null;
  readonly circuit?: string | null;
}

export interface Board {
  readonly meetingId: string;
  readonly meeting: string;
  /** Empty where it is not known. */
  readonly circuit: string;
  /** By position, equal ones by who was first. */
  readonly rows: readonly BoardRow[];
}

/** The view; null before the server knows it itself. */
export function ofView(view: View<BoardRow, BoardFacts> | null): Board | null {
  const { meeting_id: id, meeting, circuit } = view?.facts ?? {};
  if (!view || !id) return null;
  return { meetingId: id, meeting: meeting ?? "", circuit: circuit ?? "", rows: ordered(view.rows.values()) };
}

/** The answer of `/api/v1/leaderboard`, with the marks that the view has. */
export function ofAnswer(answer: Schemas["Leaderboard"]): Board {
  const best = SECTORS.map((sector) =>
    Math.min(...answer.items.map((item) => item[`best_sector${sector}_ms`] ?? Infinity)),
  );
  const rows = answer.items.map((item): BoardRow => {
    const mark = (sector: (typeof SECTORS)[number]): Mark | null => {
      const time = item[`sector${sector}_ms`];
      if (time === null) return null;
      if (time === best[sector - 1]) return "best";
      return time === item[`best_sector${sector}_ms`] ? "personal" : "slower";
    };
    return {
      ...item,
      id: item.entrant,
      name: item.driver ?? item.rig_name ?? item.rig,
      rig: item.rig_name ?? item.rig,
      s1_mark: mark(1),
      s2_mark: mark(2),
      s3_mark: mark(3),
      set_at: Date.parse(item.set_at),
    };
  });
  return {
    meetingId: answer.meeting_id,
    meeting: answer.meeting,
    circuit: answer.circuit,
    rows: ordered(rows),
  };
}

/** A rank as it is written: `3`, or `=3` where the time is shared. */
export function rank(row: Pick<BoardRow, "position" | "is_equal">): string {
  return `${row.is_equal ? "=" : ""}${row.position}`;
}

const SECTORS = [1, 2, 3] as const;

function ordered(rows: Iterable<BoardRow>): BoardRow[] {
  return [...rows].sort(
    (one, other) =>
      one.position - other.position ||
      (one.set_at ?? 0) - (other.set_at ?? 0) ||
      (one.id < other.id ? -1 : 1),
  );
}
