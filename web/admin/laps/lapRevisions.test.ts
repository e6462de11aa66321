import { expect, it } from "vitest";
import { addLaps, mergeLaps, newerThan, NO_LAPS, select } from "./lapRevisions";

type Lap = Parameters<typeof addLaps>[1][number];
const lap = (id: string, revision: number, at: string) => ({ id, revision, recorded_at: at }) as Lap;

it("shows the newest revision of each lap, the newest lap first", () => {
  const read = [lap("a", 2, "20:01"), lap("b", 1, "20:02")];
  const announced = addLaps(NO_LAPS, [lap("a", 1, "20:01"), lap("b", 2, "20:02"), lap("c", 1, "20:03")]);
  const shown = mergeLaps(read, announced).map(({ id, revision }) => `${id}${revision}`);
  expect(shown).toEqual(["c1", "b2", "a2"]);
});

it("shows what was read instead of an older announcement of the same revision", () => {
  const read = { ...lap("a", 1, "20:01"), driver: "Anna" };
  const announced = addLaps(NO_LAPS, [{ ...lap("a", 1, "20:01"), driver: null }]);
  expect(mergeLaps([read], announced)).toEqual([read]);
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
