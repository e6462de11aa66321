import { expect, it } from "vitest";
import { nextPage } from "./turning.svelte";

const TURN_MS = 10_000;

it("goes on with the page after the last one that was seen", () => {
  expect(nextPage({ first: 0, last: 0, lastMs: 2_000 }, TURN_MS)).toBe(1);
  expect(nextPage({ first: 1, last: 2, lastMs: 5_000 }, TURN_MS)).toBe(3);
});

it("shows a page again that was cut short, unless it was the only one", () => {
  expect(nextPage({ first: 0, last: 1, lastMs: 4_000 }, TURN_MS)).toBe(1);
});

it("shows every page of a rotation, however short the turns are", () => {
  for (const sceneMs of [2_000, 5_000, 11_000, 14_000, 15_000, 23_000]) {
    const seenMs = new Map<number, number>();
    let first = 0;
    for (let appearance = 0; appearance < 12; appearance += 1) {
      const last = first + Math.floor((sceneMs - 1) / TURN_MS);
      const lastMs = sceneMs - (last - first) * TURN_MS;
      for (let turn = first; turn <= last; turn += 1) {
        const shownMs = turn < last ? TURN_MS : lastMs;
        seenMs.set(turn % 3, Math.max(seenMs.get(turn % 3) ?? 0, shownMs));
      }
      first = nextPage({ first, last, lastMs }, TURN_MS);
    }
    const wantedMs = Math.min(sceneMs, TURN_MS);
    expect([0, 1, 2].map((page) => seenMs.get(page))).toEqual([wantedMs, wantedMs, wantedMs]);
  }
});
