import { describe, expect, it } from "vitest";
import type { ControlRow } from "../../shared/rows";
import { nextWeather } from "./forecast";
import { messageOf, newestMessages } from "./messages";

const row = (facts: Partial<ControlRow>): ControlRow => ({
  id: "1",
  number: 1,
  kind: "penalty",
  at_ms: 725_000,
  lap: null,
  lap_distance_m: null,
  car: null,
  participant: null,
  other_car: null,
  other_participant: null,
  time_ms: null,
  speed_kmh: null,
  penalty: null,
  infringement: null,
  time_s: null,
  detail: null,
  ...facts,
});
const textOf = (facts: Partial<ControlRow>) => messageOf(row(facts)).text;
const ANNA = { car: 3, participant: "Anna" };

describe("a message of race control", () => {
  it("says who, what and why", () => {
    expect(textOf({ ...ANNA, penalty: "Time penalty", time_s: 5, infringement: "Pit lane speeding" })).toBe(
      "5 s penalty for Anna: too fast in the pit lane",
    );
    expect(textOf({ ...ANNA, penalty: "Drive through", infringement: "Jump start" })).toBe(
      "Drive-through for Anna: jump start",
    );
  });

  it("says of a car that the game takes out of the race that it is out", () => {
    expect(textOf({ ...ANNA, penalty: "Retired", infringement: "Retired mechanical failure" })).toBe(
      "Anna is out: mechanical failure",
    );
  });

  it("names both cars", () => {
    const both = { ...ANNA, other_car: 4, other_participant: "Bruno" };
    expect(textOf({ ...both, kind: "overtake" })).toBe("Anna overtakes Bruno");
    expect(textOf({ ...both, kind: "collision" })).toBe("Collision: Anna and Bruno");
    expect(textOf({ ...ANNA, kind: "collision" })).toBe("Collision: Anna");
  });

  it("has a time where it is about one", () => {
    expect(textOf({ ...ANNA, kind: "fastest_lap", time_ms: 83_456 })).toBe("Fastest lap: Anna, 1:23.456");
    expect(textOf({ ...ANNA, kind: "fastest_lap" })).toBe("Fastest lap: Anna, –");
  });

  it.each([
    ["safety_car", "full: deployed", "Safety car deployed"],
    ["safety_car", "virtual: returning", "Virtual safety car is ending"],
    ["flag", "yellow", "Yellow flag"],
    ["flag", "clear", "Track clear"],
    ["weather", "light rain", "Weather: light rain"],
    ["drs_disabled", "wet track", "DRS disabled: wet track"],
  ] as const)("about %s %s", (kind, detail, text) => {
    expect(textOf({ kind, detail })).toBe(text);
  });

  it("shows a word of a newer game as it is", () => {
    expect(textOf({ ...ANNA, penalty: "Time penalty", time_s: 5, infringement: "Something new" })).toBe(
      "5 s penalty for Anna: Something new",
    );
  });

  it("says where on the track it was", () => {
    expect(messageOf(row({ ...ANNA, lap: 7, lap_distance_m: 2310 })).place).toBe("Lap 7 · 2310 m");
    expect(messageOf(row({ ...ANNA, lap: 7 })).place).toBe("Lap 7");
    expect(messageOf(row({ kind: "red_flag", lap: 7 })).place).toBe("");
    expect(messageOf(row({})).clock).toBe("12:05");
  });

  it("shows the name by which people know the car", () => {
    expect(messageOf(row({ ...ANNA, kind: "retirement" }), () => "Anna Bianchi").text).toBe(
      "Anna Bianchi is out",
    );
  });
});

it("shows the newest messages first", () => {
  const rows = [1, 3, 2].map((number) => row({ id: `${number}`, number, kind: "red_flag" }));
  expect(newestMessages(rows, 2).map(({ id }) => id)).toEqual(["3", "2"]);
});

it("says once that a car is out, with the reason where it is known", () => {
  const penalty = row({ ...ANNA, id: "p", penalty: "Retired", infringement: "Retired mechanical failure" });
  const plain = row({ ...ANNA, id: "r", kind: "retirement" });
  const withReason = row({ ...ANNA, id: "r", kind: "retirement", detail: "mechanical failure" });
  const other = row({ id: "o", kind: "retirement", car: 5 });
  expect(newestMessages([penalty, plain, other], 9).map(({ id }) => id)).toEqual(["p", "o"]);
  expect(newestMessages([penalty, { ...withReason, number: 2 }], 9).map(({ id }) => id)).toEqual(["r"]);
});

it("keeps a penalty in sight while many cars overtake", () => {
  const overtakes = [2, 3, 4, 5, 6, 7, 8].map((number) => row({ id: `${number}`, number, kind: "overtake" }));
  const shown = newestMessages([row({ ...ANNA, penalty: "Drive through" }), ...overtakes], 4);
  expect(shown.map(({ id }) => id)).toEqual(["8", "7", "1"]);
});

describe("the next weather", () => {
  it("is the first that differs from now", () => {
    const forecast = [
      [5, "clear", 10],
      [10, "light rain", 60],
      [15, "heavy rain", 90],
    ];
    expect(nextWeather({ weather: "clear", forecast })).toEqual({
      minutes: 10,
      weather: "light rain",
      rain: 60,
    });
  });

  it("is unknown without a forecast", () => {
    expect(nextWeather({ weather: "clear" })).toBeNull();
    expect(nextWeather({ weather: "clear", forecast: [[5, "clear", 0]] })).toBeNull();
  });
});
