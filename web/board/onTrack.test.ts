import { describe, expect, it } from "vitest";
import type { RigRow } from "../shared/rows";
import { gone, lapClock, onTrack, sharedValue } from "./onTrack";

describe("the clock of a lap", () => {
  const rig = {
    id: "r",
    state: "live",
    heard_at_ms: 50_000,
    clock_zero_ms: 10_000,
    clock_stands_at_ms: null,
    lap_start_ms: 20_000,
  } as unknown as RigRow;

  it("runs with the server's clock", () => expect(lapClock(rig, 51_000)).toBe(21_000));
  it("stops when the rig stops sending", () => expect(lapClock(rig, 99_000)).toBe(22_000));
  it("stops while the game's clock is stopped", () => {
    expect(lapClock({ ...rig, clock_zero_ms: null, clock_stands_at_ms: 25_000 }, 51_000)).toBe(5_000);
  });
  it("is null while it is not known", () => {
    expect(lapClock({ ...rig, lap_start_ms: null }, 51_000)).toBeNull();
    expect(lapClock({ ...rig, clock_zero_ms: null }, 51_000)).toBeNull();
    expect(lapClock({ ...rig, lap_start_ms: 90_000 }, 51_000)).toBeNull();
  });

  it("rigs share a value only if all have it", () => {
    const paused = { ...rig, is_paused: true };
    expect(sharedValue([paused, paused], (each) => each.is_paused)).toBe(true);
    expect(sharedValue([paused, { ...rig, is_paused: false }], (each) => each.is_paused)).toBeNull();
    expect(sharedValue([], (each) => each.is_paused)).toBeNull();
  });
});

describe("the rail", () => {
  const rig = (id: string, state: RigRow["state"], heard_at_ms: number) =>
    ({ id, state, heard_at_ms }) as unknown as RigRow;
  const now = 20 * 60_000;
  const rigs = [
    rig("c", "stale", now - 3_000),
    rig("a", "live", now),
    rig("old", "offline", now - 11 * 60_000),
    rig("b", "offline", now - 60_000),
  ];
  const noPlace = () => Infinity;

  it("has the rigs that send, or did a moment ago, by place", () => {
    expect(onTrack(rigs, noPlace).map(({ id }) => id)).toEqual(["a", "c"]);
    expect(onTrack(rigs, (id) => (id === "c" ? 1 : 2)).map(({ id }) => id)).toEqual(["c", "a"]);
  });

  it("names the rigs that stopped sending in the last ten minutes", () => {
    expect(gone(rigs, now, noPlace).map(({ id }) => id)).toEqual(["b"]);
  });
});
