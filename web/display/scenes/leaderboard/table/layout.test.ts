import { describe, expect, it } from "vitest";
import {
  columnsFor,
  leadersKept,
  pageStarts,
  rowsOfPage,
  slotCount,
  slots,
  textSize,
  usualRows,
} from "./layout";

describe("pages", () => {
  it.each([
    [0, 11, [0]],
    [11, 11, [0]],
    [13, 11, [0, 2]],
    [25, 11, [0, 11, 14]],
  ])("of %i rows, %i on each, start at %j", (count, rows, starts) =>
    expect(pageStarts(count, rows)).toEqual(starts),
  );

  it("keep the leaders in sight while the others turn", () => {
    expect(leadersKept(60, 9)).toBe(3);
    expect(pageStarts(60 - 3, 9 - 3).map((start) => rowsOfPage(start, 9, 60)[3])).toEqual([
      3, 9, 15, 21, 27, 33, 39, 45, 51, 54,
    ]);
    expect(rowsOfPage(12, 9, 60)).toEqual([0, 1, 2, 15, 16, 17, 18, 19, 20]);
    expect([rowsOfPage(0, 9, 7), rowsOfPage(0, 4, 6), rowsOfPage(2, 4, 6)]).toEqual([
      [0, 1, 2, 3, 4, 5, 6],
      [0, 1, 2, 3],
      [2, 3, 4, 5],
    ]);
  });

  it("have larger text at a larger scale, also beside a rail", () => {
    expect(textSize(76, 1333, 1)).toBeCloseTo(51.7, 0);
    expect(textSize(150, 1270, 2)).toBeGreaterThan(1.4 * textSize(76, 1333, 1));
    expect(columnsFor(1333, textSize(76, 1333, 1))).toEqual(new Set(["gap", "marks"]));
  });

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
  const order = ["sectors", "ago", "rig", "laps", "marks", "gap"] as const;
  const appearsAt = order.map((column) => widths.findIndex((columns) => columns.has(column)));
  expect(appearsAt).toEqual([...appearsAt].sort((index, other) => other - index));
  expect(widths[0]?.size).toBe(0);
});
