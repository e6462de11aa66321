import { expect, it } from "vitest";
import { newestFirst } from "./lapOrder";

it("puts the lap that was driven last first", () => {
  const laps = ["18:00", "20:02", "20:01"].map((recorded_at) => ({ recorded_at }));
  expect(laps.sort(newestFirst).map((lap) => lap.recorded_at)).toEqual(["20:02", "20:01", "18:00"]);
});
