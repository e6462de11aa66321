/** A board as the pages draw it: the rows of the view `board` in their order, from the view or from the API. */
import type { Schemas } from "../shared/api";
import type { View } from "../shared/connection/protocol";
import type { BoardFacts, BoardRow } from "../shared/rows";

export interface Board {
  readonly meetingId: string;
  readonly meeting: string;
  /** Empty where it is not known. */
  readonly circuit: string;
  /** By position; equal positions by the time at which the lap was set. */
  readonly rows: readonly BoardRow[];
}

/** The board of the view; null until the server knows the meeting. */
export function boardOfView(view: View<BoardRow, BoardFacts> | null): Board | null {
  const { meeting_id: id, meeting, circuit } = view?.facts ?? {};
  if (!view || !id) return null;
  return { meetingId: id, meeting: meeting ?? "", circuit: circuit ?? "", rows: inOrder(view.rows.values()) };
}

/** The board of an answer of `/api/v1/leaderboard`. */
export function boardOfAnswer(answer: Schemas["Leaderboard"]): Board {
  const rows = answer.items.map((item): BoardRow => ({
    ...item,
    id: item.entrant,
    name: item.driver ?? item.rig_name,
    rig: item.rig_name,
    set_at: Date.parse(item.set_at),
  }));
  return {
    meetingId: answer.meeting_id,
    meeting: answer.meeting,
    circuit: answer.circuit,
    rows: inOrder(rows),
  };
}

/** A rank as the board shows it: `3`, or `=3` where the time is shared. */
export function rank(row: Pick<BoardRow, "position" | "is_equal">): string {
  return `${row.is_equal ? "=" : ""}${row.position}`;
}

function inOrder(rows: Iterable<BoardRow>): BoardRow[] {
  return [...rows].sort(
    (row, other) =>
      row.position - other.position ||
      (row.set_at ?? 0) - (other.set_at ?? 0) ||
      (row.id < other.id ? -1 : 1),
  );
}
