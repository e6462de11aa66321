import { describe, expect, it } from "vitest";
import { choosesOtherBoard, parseOptions } from "./options";

describe("the options in the address", () => {
  it("choose rows, rail, dwell and board", () => {
    const options = parseOptions("?rows=8&rail=0&dwell=5&circuit=Monza&assists=none&start=flying&weather=");
    expect(options).toEqual({
      rows: 8,
      rail: false,
      dwellMs: 5000,
      meeting: null,
      circuit: "Monza",
      filters: { assists: "none", start: "flying" },
    });
    expect(choosesOtherBoard(options)).toBe(true);
  });

  it.each(["", "?rows=-3&rail=yes&dwell=abc", "?rows=1e9"])("have defaults in %j", (search) => {
    const options = parseOptions(search);
    expect(options).toMatchObject({ rows: null, rail: null, dwellMs: 12_000 });
    expect(choosesOtherBoard(options)).toBe(false);
  });
});
