import { describe, expect, it } from "vitest";
import { lapQuery, NO_FILTER, obstacle, parseList, queryOfList, type Lap } from "./filter";

const lap = (id: string, circuit = "Monza") => ({ id, circuit }) as Lap;

describe("the state of the list in the address", () => {
  it("comes back from its query, which keeps the other parameters", () => {
    const state = {
      driver: "d1",
      circuit: "Spa & more",
      meeting: "",
      rig: "",
      session: "time trial",
      validOnly: true,
      order: "fastest",
      chosen: ["a~1", "b"],
    } as const;
    const query = queryOfList(state, "?lang=it&driver=old&with=x");
    expect(query).toBe(
      "?driver=d1&circuit=Spa%20%26%20more&session=time%20trial&valid=1&order=fastest&with=a~1,b&lang=it",
    );
    expect(parseList(query)).toEqual(state);
  });

  it("is empty without filters, and leaves out what is wrong", () => {
    expect(queryOfList({ ...NO_FILTER, chosen: [] }, "")).toBe("");
    expect(parseList("?valid=yes&session=rally&order=slowest&with=,a,a,b,c,d,e")).toEqual({
      ...NO_FILTER,
      chosen: ["a", "b", "c", "d"],
    });
  });
});

it("asks the API for laps with a trace that pass the filter", () => {
  expect(lapQuery(NO_FILTER)).toEqual({ has_trace: true, state: "completed", sort: "-official_at" });
  expect(lapQuery({ ...NO_FILTER, driver: "d", session: "race", validOnly: true, order: "fastest" })).toEqual(
    {
      has_trace: true,
      state: "completed",
      sort: "lap_time_ms",
      driver_id: "d",
      session_kind: "race",
      is_valid: true,
    },
  );
});

it("says why a lap cannot be chosen", () => {
  expect(obstacle(lap("a"), [])).toBeNull();
  expect(obstacle(lap("a"), [lap("a"), lap("b")])).toBeNull();
  expect(obstacle(lap("a", "Spa"), [lap("b")])).toBe("other-circuit");
  const four = ["b", "c", "d", "e"].map((id) => lap(id));
  expect(obstacle(lap("a"), four)).toBe("full");
});
