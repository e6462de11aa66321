import { describe, expect, it } from "vitest";
import type { BoardRow } from "../shared/rows";
import { nextPlace } from "./nextPlace";

const row = (id: string, position: number, sectors: readonly (number | null)[]): BoardRow =>
  ({
    id,
    position,
    best_lap_ms: 3 * 27_000 + position * 100,
    sector1_ms: sectors[0],
    sector2_ms: sectors[1],
    sector3_ms: sectors[2],
  }) as BoardRow;

describe("the next place", () => {
  const first = row("a", 1, [27_000, 27_000, 27_100]);
  const equal = row("b", 1, [27_100, 27_000, 27_000]);
  const own = row("c", 3, [27_050, 27_350, 26_900]);

  it("names the nearest driver with a better time, the cost, and the sector with the largest loss", () => {
    const next = nextPlace([first, equal, own], own);
    expect(next).toEqual({ ahead: equal, costMs: 200, sectorsMs: [-50, 350, -100], worst: 2 });
  });

  it("is not that of a driver with the same time, and the leader has none", () => {
    expect(nextPlace([first, equal, own], equal)).toBeNull();
    expect(nextPlace([first, equal, own], null)).toBeNull();
  });

  it("has no sectors where one of the laps has none", () => {
    const typed = row("t", 1, [null, null, null]);
    expect(nextPlace([typed, own], own)).toMatchObject({ sectorsMs: null, worst: null });
  });
});
