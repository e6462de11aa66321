import { afterEach, expect, it, vi } from "vitest";
import { carLapPath, entrantPath } from "./comparePath";

it("links to the comparison on the board that the page shows", () => {
  expect(entrantPath("d:5", "?lang=it&rows=4")).toBe("/compare?entrant=d%3A5&lang=it");
  expect(entrantPath("r:10.0.0.1", "?circuit=Spa&meeting=m")).toBe(
    "/compare?entrant=r%3A10.0.0.1&meeting=m&circuit=Spa",
  );
});

afterEach(() => vi.unstubAllGlobals());

it("links to the lap of a car by its time, unless one of them is not known", () => {
  vi.stubGlobal("location", { search: "?lang=it&rig=a" });
  expect(carLapPath("a~1", 3, 83_456)).toBe("/compare?session=a~1&car=3&time=83456&lang=it");
  expect(carLapPath("a~1", "0", 83_456)).toBe("/compare?session=a~1&car=0&time=83456&lang=it");
  expect([carLapPath(null, 3, 83_456), carLapPath("a", null, 83_456), carLapPath("a", 3, 0)]).toEqual([
    null,
    null,
    null,
  ]);
});
