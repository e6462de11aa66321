import { expect, it } from "vitest";
import { neededBoards, pagesOf, type Place } from "./pages";

const NOW = new Date(2026, 10, 22, 21, 0).getTime();
const at = (day: number, month = 10) => new Date(2026, month, day, 20, 0).toISOString();
const lap = (entrant: string, best_lap_ms: number, set_at: string): Place => ({
  ...{ entrant, name: entrant, lap_id: entrant, best_lap_ms, set_at },
});
const board = (meeting_id: string, circuit: string, places: Place[] = []) => ({
  ...{ meeting_id, circuit, last_lap_at: at(22), places },
});
const summary = (places: readonly Place[]) => places.map(({ name, best_lap_ms }) => `${name} ${best_lap_ms}`);

it("needs the other circuits of this meeting, and this circuit of all meetings", () => {
  const boards = [board("m2", "Monza"), board("m2", "Spa"), board("m1", "Monza"), board("m1", "Spa")];
  expect(neededBoards(boards, "m2", "Monza").map((each) => [each.meeting_id, each.circuit])).toEqual([
    ["m2", "Spa"],
    ["m2", "Monza"],
    ["m1", "Monza"],
  ]);
});

it("has the fastest lap of each driver for today, the month and all time", () => {
  const pages = pagesOf(
    [
      board("m3", "Spa", [lap("Ana", 100, at(22))]),
      board("m3", "Monza", [lap("Ana", 82, at(22)), lap("Ben", 81, at(22))]),
      board("m2", "Monza", [lap("Ana", 80, at(3))]),
      board("m1", "Monza", [lap("Cem", 79, at(1, 3)), lap("Ben", 81, at(1, 3))]),
    ],
    "Monza",
    NOW,
  );
  expect(pages.map(({ kind, circuit, places }) => [kind, circuit, ...summary(places)])).toEqual([
    ["tonight", "Spa", "Ana 100"],
    ["today", "Monza", "Ben 81", "Ana 82"],
    ["month", "Monza", "Ana 80", "Ben 81"],
    ["ever", "Monza", "Cem 79", "Ana 80", "Ben 81"],
  ]);
  // Of equal laps, the earlier one counts.
  expect(pages[3]?.places[2]?.set_at).toBe(at(1, 3));
});

it("has no second page with the same laps", () => {
  const pages = pagesOf([board("m1", "Monza", [lap("Ana", 82, at(22))])], "Monza", NOW);
  expect(pages.map(({ kind }) => kind)).toEqual(["today"]);
  expect(pagesOf([], "Monza", NOW)).toEqual([]);
});
