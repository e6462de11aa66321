import { describe, expect, it } from "vitest";
import type { Board } from "../../../board/leaderboard";
import type { BoardRow } from "../../../shared/rows";
import { newBests } from "./newBests";

const row = (id: string, position: number, best: number, more: Partial<BoardRow> = {}): BoardRow =>
  ({ id, position, is_equal: false, name: id, best_lap_ms: best, set_at: 1_000, ...more }) as BoardRow;
const board = (rows: BoardRow[], circuit = "Monza"): Board => ({
  meetingId: "m",
  meeting: "Thursday",
  circuit,
  rows,
});

describe("new best laps", () => {
  const before = board([row("a", 1, 87_000), row("b", 2, 88_000)]);

  it("are better laps and first laps, with the time gained", () => {
    const after = board([row("b", 1, 86_500), row("a", 2, 87_000), row("c", 3, 90_000)]);
    expect(newBests(before, after, 2_000).map(({ row: { id }, gainMs }) => [id, gainMs])).toEqual([
      ["b", -1_500],
      ["c", null],
    ]);
  });

  it("are none after a deletion, an old lap, or a change of board", () => {
    expect(newBests(before, board([row("b", 1, 89_000)]), 2_000)).toEqual([]);
    expect(newBests(before, board([row("a", 1, 86_000)]), 3_600_000)).toEqual([]);
    expect(newBests(before, board([row("a", 1, 86_000)], "Spa"), 2_000)).toEqual([]);
    expect(newBests(null, before, 2_000)).toEqual([]);
  });
});
