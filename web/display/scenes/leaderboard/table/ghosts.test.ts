import { expect, it } from "vitest";
import type { Board } from "../../../../board/leaderboard";
import type { BoardRow, RigRow } from "../../../../shared/rows";
import { ghosts, withGhosts } from "./ghosts";

const board: Board = {
  meetingId: "m",
  meeting: "Tonight",
  circuit: "Monza",
  rows: [
    ["d:ada", 1, 80_000],
    ["d:ben", 2, 82_000],
    ["d:cleo", 3, 90_000],
  ].map(([id, position, best_lap_ms]) => ({ id, position, best_lap_ms, name: `name of ${id}` }) as BoardRow),
};

function rig(facts: Partial<RigRow>): RigRow {
  const known = { id: "a", state: "live", track: "Monza", sector: 2, entrant: "d:cleo" };
  const none = { predicted_ms: null, predicted_place: null };
  return { ...known, ...none, ...facts } as RigRow;
}

const namesOf = () => "Dora";

it("puts a ghost before the row that would lose its place", () => {
  const found = ghosts([rig({ predicted_place: 2, predicted_ms: 81_000 })], board, namesOf);
  expect(found[0]).toMatchObject({ name: "name of d:cleo", place: 2, before: 1, gapMs: 1_000 });
  expect(withGhosts([0, 1, 2], 3, found)).toEqual([0, found[0], 1, 2]);
});

it("puts someone without a row after the last one", () => {
  const last = rig({ entrant: "d:dora", predicted_place: 4, predicted_ms: 95_000 });
  const found = ghosts([last], board, namesOf);
  expect(found[0]).toMatchObject({ name: "Dora", before: 3 });
  expect(withGhosts([0, 1, 2], 3, found)).toEqual([0, 1, 2, found[0]]);
  expect(withGhosts([0, 1], 3, found)).toEqual([0, 1]);
});

it("shows no ghost of another circuit, of a silent rig, or without a predicted place", () => {
  const predicted = { predicted_place: 2, predicted_ms: 81_000 };
  const none = [
    rig({ ...predicted, track: "Spa" }),
    rig({ ...predicted, state: "stale" }),
    rig({ predicted_ms: 81_000 }),
  ];
  expect(ghosts(none, board, namesOf)).toEqual([]);
  expect(ghosts([rig(predicted)], null, namesOf)).toEqual([]);
});

it("shows two ghosts at most, those with the best times", () => {
  const times = [81_500, 81_000, 81_200].map((predicted_ms, at) =>
    rig({ id: String(at), predicted_place: 2, predicted_ms }),
  );
  expect(ghosts(times, board, namesOf).map((ghost) => ghost.rig)).toEqual(["1", "2"]);
});
