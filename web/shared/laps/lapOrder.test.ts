import { expect, it } from "vitest";
import { completeSince } from "./lapOrder";

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
