import { expect, it, vi } from "vitest";

vi.mock("../../shared/connection/live.svelte", () => ({ follow: () => ({ current: null }) }));
const { newestDelta, sectorDelta } = await import("./bestLap.svelte");

const BEST = { id: "d:anna", name: "Anna", best_lap_ms: 83_456, sector1_ms: 27_000, sector2_ms: 28_000 };
const LAP = { sector: 1, sector1_ms: 0, sector2_ms: 0, last_ms: 83_956 };

it.each([
  ["in the first sector, that of the last lap", LAP, { ms: 500, after: "last" }],
  ["then that of sector 1", { ...LAP, sector: 2, sector1_ms: 26_900 }, { ms: -100, after: "sector1" }],
  [
    "then that of both sectors",
    { ...LAP, sector: 3, sector1_ms: 26_900, sector2_ms: 28_300 },
    { ms: 200, after: "sector2" },
  ],
  ["none without a last lap", { ...LAP, last_ms: null }, null],
  ["none while a sector is not known", { ...LAP, sector: 3, sector1_ms: 26_900, sector2_ms: null }, null],
  ["none where the game has wrapped the time", { ...LAP, sector: 2, sector1_ms: 900 }, null],
  ["none while the sector is not known", { ...LAP, sector: null }, null],
])("shows the newest measured difference: %s", (_, lap, expected) =>
  expect(newestDelta(lap, { ...BEST, sector1_ms: lap.sector1_ms === 900 ? 66_000 : 27_000 })).toEqual(
    expected,
  ),
);

it("compares with nothing where there is no best lap, or one without sectors", () => {
  expect(newestDelta(LAP, null)).toBeNull();
  expect(newestDelta({ ...LAP, sector: 2, sector1_ms: 27_000 }, { ...BEST, sector1_ms: null })).toBeNull();
});

it("compares one sector", () => {
  expect(sectorDelta(27_250, 27_000)).toBe(250);
  expect(sectorDelta(0, 27_000)).toBeNull();
  expect(sectorDelta(27_250, undefined)).toBeNull();
});
