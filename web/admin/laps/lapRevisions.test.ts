import { expect, it } from "vitest";
import { completeSince } from "../../shared/lapOrder";
import { addLaps, mergeLaps, newerThan, NO_LAPS, select } from "./lapRevisions";

type Lap = Parameters<typeof addLaps>[1][number];
const lap = (id: string, revision: number, at: string) => ({ id, revision, recorded_at: at }) as Lap;

it("shows the newest revision of each lap, the newest lap first", () => {
  const read = [lap("a", 2, "20:01"), lap("b", 1, "20:02")];
  const announced = addLaps(NO_LAPS, [lap("a", 1, "20:01"), lap("b", 2, "20:02"), lap("c", 1, "20:03")]);
  const shown = mergeLaps(read, announced).map(({ id, revision }) => `${id}${revision}`);
  expect(shown).toEqual(["c1", "b2", "a2"]);
});

it("forgets an announced lap once it was read", () => {
  const announced = addLaps(NO_LAPS, [lap("a", 1, "20:01"), lap("b", 2, "20:02")]);
  const left = newerThan([lap("a", 1, "20:01"), lap("b", 1, "20:02")], announced);
  expect([...left.keys()]).toEqual(["b"]);
});

it("adds to a selection and removes from it", () => {
  const selection = select(select(new Set(), ["a", "b"], true), ["a"], false);
  expect([...selection]).toEqual(["b"]);
});

it("knows since when a part of the list has every lap", () => {
  const decided = { recorded_at: "18:00", official_at: "20:05" };
  const laps = [
    decided,
    { recorded_at: "20:02", official_at: "20:02" },
    { recorded_at: "20:01", official_at: "20:01" },
  ];
  expect(completeSince(laps, true)).toBe("20:01");
  expect(completeSince(laps, false)).toBe("");
  expect(completeSince([], false)).toBe("");
});

it("shows all laps of an imported capture", () => {
  const imported = { recorded_at: "2020", official_at: "2026" };
  expect(completeSince([imported, imported], true)).toBe("");
});
