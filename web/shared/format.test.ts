import { describe, expect, it } from "vitest";
import { ago, clock, day, delta, duration, gap, lapTime } from "./format";
import { words } from "./language/words";
import { fillHoles } from "./language/translate";

describe("a lap time", () => {
  it.each([
    [0, "0.000"],
    [1, "0.001"],
    [58_321, "58.321"],
    [59_999, "59.999"],
    [60_000, "1:00.000"],
    [83_456, "1:23.456"],
    [119_999, "1:59.999"],
    [120_000, "2:00.000"],
    [600_005, "10:00.005"],
    [3_599_999, "59:59.999"],
    [3_600_000, "1:00:00.000"],
    [3_723_456, "1:02:03.456"],
    [36_000_007, "10:00:00.007"],
  ])("of %i ms is %s", (ms, text) => expect(lapTime(ms)).toBe(text));

  it("that is unknown is a dash, never a zero", () => {
    expect([lapTime(null), lapTime(undefined), gap(null), delta(null), duration(null)]).toEqual(
      Array(5).fill("–"),
    );
  });
});

describe("a gap", () => {
  it.each([
    [0, "+0.000"],
    [123, "+0.123"],
    [62_003, "+1:02.003"],
  ])("of %i ms is %s", (ms, text) => expect(gap(ms)).toBe(text));
});

describe("a delta", () => {
  it.each([
    [-214, "−0.214"],
    [0, "±0.000"],
    [1_005, "+1.005"],
  ])("of %i ms is %s", (ms, text) => expect(delta(ms)).toBe(text));
});

describe("a duration", () => {
  it.each([
    [999, "0:00"],
    [42_000, "0:42"],
    [725_000, "12:05"],
    [3_723_000, "1:02:03"],
    [-5, "0:00"],
  ])("of %i ms is %s", (ms, text) => expect(duration(ms)).toBe(text));
});

describe("how long ago", () => {
  const now = Date.UTC(2026, 10, 22, 12);
  it.each([
    [-500, "just now"],
    [4_999, "just now"],
    [12_000, "12 s ago"],
    [59_999, "59 s ago"],
    [60_000, "1 min ago"],
    [3_600_000, "1 h ago"],
  ])("%i ms before", (ms, text) => expect(ago(now - ms, now)).toBe(text));

  it("is a date after a day", () => expect(ago(now - 2 * 86_400_000, now)).toContain("2026"));
});

describe("a date", () => {
  const months = Array.from({ length: 12 }, (_, month) => new Date(2026, month, 3, 7, 5, 9));

  it("is as a browser would write it", () => {
    const options = { day: "numeric", month: "short", year: "numeric" } as const;
    expect(months.map(day)).toEqual(months.map((date) => date.toLocaleDateString("en", options)));
    const italian = months.map((date, at) =>
      fillHoles(words.it.date, {
        day: date.getDate(),
        month: words.it["date.months"].split(" ")[at] ?? "",
        year: date.getFullYear(),
      }),
    );
    expect(italian).toEqual(months.map((date) => date.toLocaleDateString("it", options)));
  });

  it("has a time of day with two digits each", () => {
    expect([clock(new Date(2026, 0, 1, 7, 5, 9)), clock(new Date(2026, 0, 1, 0, 0), false)]).toEqual([
      "07:05:09",
      "00:00",
    ]);
  });
});
