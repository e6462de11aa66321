import { describe, expect, it } from "vitest";
import { parseAsked, parseState, queryOf, withoutLap } from "./address";

const ID = "192.168.1.21~1406~0~19~7~0";

describe("the state in the address", () => {
  it("is what a query says", () => {
    expect(parseState(`?laps=${ID},b&reference=2&at=1200&from=900&to=1500&lang=it`)).toEqual({
      laps: [ID, "b"],
      reference: 1,
      at: 1200,
      range: [900, 1500],
    });
  });

  it.each(["", "?laps=", "?laps=,", "?reference=2&at=x&from=5", "?from=9&to=3&at=-1&reference=0"])(
    "leaves out what is wrong in %s",
    (search) => {
      expect(parseState(search)).toEqual({ laps: [], reference: 0, at: null, range: null });
    },
  );

  it("has every lap once, and four at most", () => {
    expect(parseState("?laps=a,b,a,c,d,e&reference=4").laps).toEqual(["a", "b", "c", "d"]);
    expect(parseState("?laps=a,b&reference=3").reference).toBe(0);
  });

  it("comes back from its query, which keeps the other parameters", () => {
    const state = { laps: [ID, "a&b,c"], reference: 1, at: 12, range: [10, 20] } as const;
    const query = queryOf(state, "?lang=it&lap=x&at=9&theme=light");
    expect(query).toBe(`?laps=${ID},a%26b%2Cc&reference=2&at=12&from=10&to=20&lang=it&theme=light`);
    expect(parseState(queryOf({ ...state, laps: [ID, "b"] }, ""))).toEqual({ ...state, laps: [ID, "b"] });
    expect(queryOf({ laps: [], reference: 0, at: null, range: null }, "")).toBe("");
  });

  it("keeps the reference when another lap is removed", () => {
    const state = { laps: ["a", "b", "c"], reference: 1, at: null, range: null };
    expect(withoutLap(state, 0)).toEqual({ ...state, laps: ["b", "c"], reference: 0 });
    expect(withoutLap(state, 1)).toEqual({ ...state, laps: ["a", "c"], reference: 0 });
    expect(withoutLap(state, 2)).toEqual({ ...state, laps: ["a", "b"], reference: 1 });
  });
});

it.each([
  [`?lap=${ID}`, { lap: ID }],
  ["?entrant=d:5", { entrant: "d:5", meeting: null, circuit: null }],
  ["?entrant=d:5&circuit=Spa", { entrant: "d:5", meeting: null, circuit: "Spa" }],
  ["?laps=a&lap=b", null],
  ["?session=s~1&car=3&time=83456", { session: "s~1", car: 3, timeMs: 83_456 }],
  ["?session=s~1&car=x&time=83456", null],
  ["?lang=it", null],
])("%s asks for %o", (search, asked) => {
  expect(parseAsked(search)).toEqual(asked);
});
