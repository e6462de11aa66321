import { describe, expect, it } from "vitest";
import { columnsFor, pageStarts, slotCount, slots, usualRows } from "./layout";

describe("pages", () => {
  it.each([
    [0, 11, [0]],
    [11, 11, [0]],
    [13, 11, [0, 2]],
    [25, 11, [0, 11, 14]],
  ])("of %i rows, %i on each, start at %j", (count, rows, starts) =>
    expect(pageStarts(count, rows)).toEqual(starts),
  );

  it("have three larger slots at the top, and fill the height", () => {
    const page = slots(11, 800, true);
    expect(page[0]?.size).toBeGreaterThan(page[1]?.size ?? 0);
    expect(page[2]?.size).toBeGreaterThan(page[3]?.size ?? 0);
    const last = page.at(-1);
    expect((last?.top ?? 0) + (last?.height ?? 0)).toBeCloseTo(800);
    expect(new Set(slots(11, 800, false).map((slot) => slot.size))).toEqual(new Set([1]));
  });

  it("of a short board have larger slots, but one row does not fill the screen", () => {
    expect([slotCount(1, 11), slotCount(9, 11), slotCount(30, 11)]).toEqual([7, 9, 11]);
  });

  it("look the same on every TV of the same shape", () => {
    expect(usualRows(800, 1920, 1080, 1)).toBe(usualRows(533, 1280, 720, 1));
    expect(usualRows(800, 1920, 1080, 2)).toBeLessThan(usualRows(800, 1920, 1080, 1));
  });
});

it("drops columns in a fixed order as the screen gets narrow", () => {
  const widths = Array.from({ length: 60 }, (_, at) => columnsFor(at * 40, 38));
  const order = ["sectors", "marks", "ago", "rig", "laps", "gap"] as const;
  const appearsAt = order.map((column) => widths.findIndex((columns) => columns.has(column)));
  expect(appearsAt).toEqual([...appearsAt].sort((index, other) => other - index));
  expect(widths[0]?.size).toBe(0);
});
