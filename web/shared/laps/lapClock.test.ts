import { describe, expect, it } from "vitest";
import type { RigRow } from "../rows";
import { lapClock } from "./lapClock";

describe("the clock of a lap", () => {
  const rig = {
    id: "r",
    state: "live",
    heard_at_ms: 50_000,
    clock_zero_ms: 10_000,
    clock_stands_at_ms: null,
    lap_start_ms: 20_000,
  } as unknown as RigRow;

  it("runs with the server's clock", () => expect(lapClock(rig, 51_000, true)).toBe(21_000));
  it("stops when the rig stops sending", () => expect(lapClock(rig, 99_000, true)).toBe(22_000));
  it("stops while the game's clock is stopped", () => {
    expect(lapClock({ ...rig, clock_zero_ms: null, clock_stands_at_ms: 25_000 }, 51_000, true)).toBe(5_000);
  });
  it("is null while it is not known", () => {
    expect(lapClock({ ...rig, lap_start_ms: null }, 51_000, true)).toBeNull();
    expect(lapClock({ ...rig, clock_zero_ms: null }, 51_000, true)).toBeNull();
    expect(lapClock({ ...rig, lap_start_ms: 90_000 }, 51_000, true)).toBeNull();
  });
  it("stops at the newest data when this page knows of no newer", () => {
    expect(lapClock(rig, 51_000, false)).toBe(20_000);
  });
});
