import { expect, it } from "vitest";
import { bestOther, ownAndAhead } from "./rivals";

const row = (name: string, source: "telemetry" | "manual" = "telemetry") => ({
  entrant: name,
  lap_id: `lap of ${name}`,
  source,
});
const ROWS = [row("first", "manual"), row("a"), row("b"), row("c", "manual"), row("d")];

it("compares a lap with the best one of its board that has a trace", () => {
  expect(bestOther(ROWS, "any")).toBe("lap of a");
  expect(bestOther(ROWS, "lap of a")).toBe("lap of b");
  expect(bestOther([row("a")], "lap of a")).toBeNull();
});

it("compares an entrant with the next one ahead, and the leader with the second", () => {
  expect(ownAndAhead(ROWS, "d")).toEqual(["lap of b", "lap of d"]);
  expect(ownAndAhead(ROWS, "a")).toEqual(["lap of b", "lap of a"]);
  expect(ownAndAhead(ROWS, "c")).toEqual([]);
  expect(ownAndAhead([row("a")], "a")).toEqual(["lap of a"]);
});
