import { describe, expect, it } from "vitest";
import { LOOKS, screenState, type Situation } from "./screenState";

const NOW = Date.UTC(2026, 10, 22, 14);
const LIVE = { state: "live", heardAt: NOW, attempt: 0 } as const;

const stateOf = (situation: Partial<Situation>) => screenState({ connection: LIVE, ...situation }, NOW);

describe("the state of a screen", () => {
  it.each<[string, Partial<Situation>]>([
    ["connecting", { connection: { state: "connecting", heardAt: null, attempt: 0 } }],
    ["offline", { connection: { state: "offline", heardAt: NOW - 60_000, attempt: 3 }, flag: "red" }],
    ["restarting", { connection: { state: "restarting", heardAt: NOW, attempt: 1 } }],
    ["stale", { connection: { state: "stale", heardAt: NOW - 9_000, attempt: 0 } }],
    ["stale", { signalAt: NOW - 4_000, hasLaps: true }],
    ["live", { signalAt: NOW - 1_000, hasLaps: true }],
    ["live", {}],
    ["no-meeting", { isMeetingOpen: false, hasLaps: false }],
    ["waiting", { rigs: { heard: 0, known: 6 }, hasLaps: false }],
    ["no-laps", { rigs: { heard: 2, known: 6 }, hasLaps: false }],
    ["live", { rigs: { heard: 0, known: 6 }, hasLaps: true }],
    ["waiting", { rigs: { heard: 0, known: 6, isNoneHeardYet: true }, hasLaps: true }],
    ["live", { rigs: { heard: 0, known: 0, isNoneHeardYet: true }, hasLaps: true }],
    ["elsewhere", { drivenInstead: ["Losail"], hasLaps: true, flag: "yellow" }],
    ["elsewhere", { drivenInstead: ["Losail"], isPaused: true, signalAt: NOW - 60_000 }],
    ["red", { drivenInstead: ["Losail"], hasLaps: true, flag: "red" }],
    ["stale", { drivenInstead: ["Losail"], hasLaps: true, signalAt: NOW - 4_000 }],
    ["live", { drivenInstead: [], hasLaps: true }],
    ["paused", { isPaused: true, signalAt: NOW - 60_000 }],
    ["red", { flag: "red", isPaused: true }],
    ["yellow", { flag: "yellow" }],
    ["sc", { flag: "sc" }],
    ["vsc", { flag: "vsc" }],
    ["live", { flag: "green" }],
    ["chequered", { flag: "chequered" }],
    ["provisional", { result: "provisional", flag: "chequered" }],
    ["final", { result: "final" }],
  ])("is %s for %j", (key, situation) => expect(stateOf(situation).key).toBe(key));

  it("shows how many rigs send, and what to set in the game while none does", () => {
    const telemetry = { addresses: ["192.168.1.5"], port: 20_777, origin: "http://192.168.1.5:8080" };
    const waiting = stateOf({ rigs: { heard: 0, known: 6 }, hasLaps: false, telemetry });
    expect(waiting).toMatchObject({ detail: "0 of 6 rigs are sending", telemetry });
    expect(stateOf({ rigs: { heard: 0, known: 0 }, hasLaps: false, telemetry }).detail).toBe("");
    expect(stateOf({ rigs: { heard: 1, known: 6 }, hasLaps: false, telemetry }).telemetry).toBeNull();
  });

  it("shows that above the laps of a board, after a start of the server", () => {
    const rigs = { heard: 0, known: 6, isNoneHeardYet: true };
    expect(stateOf({ rigs, hasLaps: true }).shape).toBe("bar");
    expect(stateOf({ rigs, hasLaps: false }).shape).toBe("placard");
  });

  it("names the circuits that the rigs drive instead, above a board with laps or in place of one without", () => {
    const situation = { drivenInstead: ["Losail", "Spa"], hasLaps: true };
    expect(stateOf(situation)).toMatchObject({
      shape: "bar",
      title: "Rigs are driving Losail, Spa",
      detail: "These laps are on another board.",
    });
    expect(stateOf({ ...situation, hasLaps: false }).shape).toBe("placard");
    expect(stateOf({ ...situation, drivenInstead: ["Losail", "Spa", "Imola"] }).title).toBe(
      "Rigs are driving Losail, Spa and others",
    );
  });

  it("shows the time to beat", () => {
    expect(stateOf({ hasLaps: false, targetMs: 90_000 }).detail).toBe("Be the first: beat 1:30.000.");
  });

  it("does not invent a time before the server has answered", () => {
    const never = stateOf({ connection: { state: "offline", heardAt: null, attempt: 1 } });
    expect(never.detail).toContain("The server does not answer");
  });
});

it("every state has a glyph, not only a colour", () => {
  expect(Object.entries(LOOKS).filter(([, look]) => !look.glyph)).toEqual([]);
});
