import { describe, expect, it } from "vitest";
import type { BoardRow } from "../shared/rows";
import { boardOfAnswer, boardOfView, rank } from "./leaderboard";

const row = (id: string, position: number, best: number, more: Partial<BoardRow> = {}): BoardRow =>
  ({ id, position, is_equal: false, name: id, best_lap_ms: best, set_at: 1_000, ...more }) as BoardRow;

describe("a board", () => {
  it("is in order of position, and equal times in order of when they were set", () => {
    const rows = [
      row("a", 2, 2, { set_at: 9, is_equal: true }),
      row("b", 2, 2, { set_at: 3 }),
      row("c", 1, 1),
    ];
    const view = {
      seq: 1,
      epoch: "e",
      columns: [],
      rows: new Map(rows.map((each) => [each.id, each])),
      facts: { meeting_id: "m" },
      channel: null,
    };
    expect(boardOfView(view)?.rows.map((each) => each.id)).toEqual(["c", "b", "a"]);
    expect(boardOfView({ ...view, facts: {} })).toBeNull();
    expect(rank(rows[0] as BoardRow)).toBe("=2");
  });

  it("from the API has the marks of the live one", () => {
    const item = (entrant: string, mark: BoardRow["s1_mark"]) => ({
      entrant,
      position: 1,
      s1_mark: mark,
      set_at: "2026-11-22T20:12:00Z",
    });
    const answer = {
      items: [item("a", "best"), item("b", "personal"), item("c", "slower"), item("d", null)],
    };
    const board = boardOfAnswer(answer as unknown as Parameters<typeof boardOfAnswer>[0]);
    expect(board.rows.map((each) => each.s1_mark)).toEqual(["best", "personal", "slower", null]);
  });
});
