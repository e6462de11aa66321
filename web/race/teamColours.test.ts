import { expect, it } from "vitest";
import { teamColour } from "./teamColours";

const TEAMS_2026 =
  "Mercedes, Ferrari, Red Bull Racing, Williams, Aston Martin, Alpine, RB, Haas, McLaren, Audi, Cadillac";

it("gives each team of a season a colour of its own", () => {
  const colours = TEAMS_2026.split(", ").map(teamColour);
  expect(new Set(colours).size).toBe(colours.length);
  expect(colours.every((colour) => /^#[0-9a-f]{6}$/.test(colour ?? ""))).toBe(true);
});

it("knows a team of another year by the same colour", () => {
  for (const name of ["Ferrari ‘26", "Ferrari '22", "Ferrari 2020"])
    expect(teamColour(name)).toBe(teamColour("Ferrari"));
  expect(teamColour("Red Bull Racing ‘24")).toBe(teamColour("Red Bull 2020"));
});

it("gives every other team a colour, always the same one, and none without a team", () => {
  expect(teamColour("Konnersport")).toMatch(/^#/);
  expect(teamColour("Konnersport")).toBe(teamColour("Konnersport ‘24"));
  expect([teamColour(null), teamColour("")]).toEqual([null, null]);
});
