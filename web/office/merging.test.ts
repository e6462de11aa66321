import { expect, it } from "vitest";
import { joined } from "./joining";
import { hearing, newerThan, newest, NOTHING, picked } from "./merging";

type Lap = Parameters<typeof hearing>[1][number];
const lap = (id: string, revision: number, at: string) => ({ id, revision, official_at: at }) as Lap;

it("shows the newest revision of each lap, the newest lap first", () => {
  const read = [lap("a", 2, "20:01"), lap("b", 1, "20:02")];
  const heard = hearing(NOTHING, [lap("a", 1, "20:01"), lap("b", 2, "20:02"), lap("c", 1, "20:03")]);
  const seen = newest(read, heard).map(({ id, revision }) => `${id}${revision}`);
  expect(seen).toEqual(["c1", "b2", "a2"]);
});

it("forgets what was heard once it was read", () => {
  const heard = hearing(NOTHING, [lap("a", 1, "20:01"), lap("b", 2, "20:02")]);
  const left = newerThan([lap("a", 1, "20:01"), lap("b", 1, "20:02")], heard);
  expect([...left.keys()]).toEqual(["b"]);
});

it("chooses and no longer chooses", () => {
  const chosen = picked(picked(new Set(), ["a", "b"], true), ["a"], false);
  expect([...chosen]).toEqual(["b"]);
});

it("joins the pages of a list into one file", () => {
  expect(joined(["id\r\na\r\n", "id\r\nb\r\n"], "csv")).toBe("id\r\na\r\nb\r\n");
  expect(JSON.parse(joined(['{"items":[1]}', '{"items":[2]}'], "json"))).toEqual([1, 2]);
});
