import { describe, expect, it } from "vitest";
import type { RigRow } from "../shared/rows";
import { gone, onTrack, sharedValue } from "./onTrack";

it("rigs share a value only if all have it", () => {
  const rig = { state: "live", is_paused: false } as unknown as RigRow;
  const paused = { ...rig, is_paused: true };
  expect(sharedValue([paused, paused], (each) => each.is_paused)).toBe(true);
  expect(sharedValue([paused, rig], (each) => each.is_paused)).toBeNull();
  expect(sharedValue([], (each) => each.is_paused)).toBeNull();
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
