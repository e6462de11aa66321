import { expect, it } from "vitest";
import type { RigRow } from "../rows";
import { predictedTime, runningDelta, shortDelta } from "./runningDelta";

function rig(facts: Partial<RigRow>): RigRow {
  const known = { id: "a", state: "live", sector: 2, delta_best_ms: null, delta_first_ms: null };
  return { ...known, ...facts } as RigRow;
}

it("says the difference to the own best, else to the first place, from the second sector on", () => {
  expect(runningDelta(rig({ delta_best_ms: -210, delta_first_ms: 500 }))).toBe(-210);
  expect(runningDelta(rig({ delta_first_ms: 500 }))).toBe(500);
  expect(runningDelta(rig({ delta_best_ms: -210, sector: 1 }))).toBeNull();
  expect(runningDelta(rig({ delta_best_ms: -210, state: "stale" }))).toBeNull();
  expect(runningDelta(rig({}))).toBeNull();
});

it("writes differences with hundredths, and predicted times with tenths", () => {
  expect([shortDelta(-210), shortDelta(1_040), shortDelta(0)]).toEqual(["−0.21", "+1.04", "±0.00"]);
  expect([predictedTime(81_440), predictedTime(59_960)]).toEqual(["1:21.4", "1:00.0"]);
});
