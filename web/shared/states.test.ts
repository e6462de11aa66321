import { describe, expect, it } from "vitest";
import { LOOKS, screenState, type Situation } from "./states";

const NOW = Date.UTC(2026, 10, 22, 14);
const LIVE = { state: "live", heardAt: NOW, attempt: 0 } as const;

const of = (situation: Partial<Situation>) => screenState({ line: LIVE, ...situation }, NOW);

describe("a screen says", () => {
  it.each<[string, Partial<Situation>]>([
    ["connecting", { line: { state: "connecting", heardAt: null, attempt: 0 } }],
    ["offline", { line: { state: "offline", heardAt: NOW - 60_000, attempt: 3 }, flag: "red" }],
    ["restarting", { line: { state: "restarting", heardAt: NOW, attempt: 1 } }],
    ["stale", { line: { state: "stale", heardAt: NOW - 9_000, attempt: 0 } }],
    ["stale", { signalAt: NOW - 4_000, hasLaps: true }],
    ["live", { signalAt: NOW - 1_000, hasLaps: true }],
    ["live", {}],
    ["no-meeting", { isMeetingOpen: false, hasLaps: false }],
    ["waiting", { rigs: { heard: 0, known: 6 }, hasLaps: false }],
    ["no-laps", { rigs: { heard: 2, known: 6 }, hasLaps: false }],
    ["live", { rigs: { heard: 0, known: 6 }, hasLaps: true }],
    ["paused", { isPaused: true, signalAt: NOW - 60_000 }],
    ["red", { flag: "red", isPaused: true }],
    ["yellow", { flag: "yellow" }],
    ["sc", { flag: "sc" }],
    ["vsc", { flag: "vsc" }],
    ["live", { flag: "green" }],
    ["chequered", { flag: "chequered" }],
    ["provisional", { result: "provisional", flag: "chequered" }],
    ["final", { result: "final" }],
  ])("%s when %j", (key, situation) => expect(of(situation).key).toBe(key));

  it("how many rigs it has heard, and what to set in the game", () => {
    const telemetry = { address: "192.168.1.5", port: 20_777 };
    expect(of({ rigs: { heard: 0, known: 6 }, hasLaps: false, telemetry }).detail).toBe(
      "0 of 6 heard. In the game, under Telemetry: UDP on, IP address 192.168.1.5, port 20777.",
    );
  });

  it("what there is to beat", () => {
    expect(of({ hasLaps: false, targetMs: 90_000 }).detail).toBe("Be the first: beat 1:30.000.");
  });

  it("that it never reached the server, rather than an invented time", () => {
    const never = of({ line: { state: "offline", heardAt: null, attempt: 1 } });
    expect(never.detail).toContain("The server does not answer");
  });
});

it("every state has a glyph beside its colour", () => {
  expect(Object.entries(LOOKS).filter(([, look]) => !look.glyph)).toEqual([]);
});
