import { describe, expect, it } from "vitest";
import { readFrame, type Moment } from "./frames";
import { Playback } from "./playback";

const STILL: Moment = {
  gameMs: 0,
  gear: 3,
  isDrsOpen: false,
  speedKmh: 0,
  rpm: 9_000,
  revLightsPct: 0,
  revLights: 0,
  throttle: 0,
  brake: 0,
  clutch: 0,
  steer: 0,
};

/** A car that accelerates by 1 km/h per millisecond of the game, as frames that arrive at these times. */
function play(gameTimes: readonly number[], arrivals: readonly number[]): Playback {
  const playback = new Playback();
  gameTimes.forEach((gameMs, at) =>
    playback.add({ ...STILL, gameMs, speedKmh: gameMs, gear: Math.floor(gameMs / 100) }, arrivals[at] ?? 0),
  );
  return playback;
}

const times = (count: number, interval: number) => Array.from({ length: count }, (_, at) => at * interval);

describe("the playback of a car", () => {
  it("is empty before the first frame", () => expect(new Playback().moment(5)).toBeNull());

  it.each([16, 50])("moves evenly with frames each %i ms that arrive unevenly", (interval) => {
    const sent = times(120, interval);
    const playback = play(
      sent,
      sent.map((at, index) => at + ((index * 7) % 5) * 3),
    );
    const shown = times(60, 16).map((at) => playback.moment(1_000 + at)?.speedKmh ?? NaN);
    const steps = shown.slice(1).map((speed, at) => speed - (shown[at] ?? NaN));
    expect(Math.min(...steps)).toBeGreaterThan(12);
    expect(Math.max(...steps)).toBeLessThan(20);
  });

  it("shows a frame that was sent, and interpolates only what is measured continuously", () => {
    const sent = times(60, 50);
    const playback = play(sent, sent);
    for (const at of times(40, 7)) {
      const moment = playback.moment(1_000 + at);
      expect(Number.isInteger(moment?.gear)).toBe(true);
      expect(moment?.gear).toBe(Math.floor((moment?.gameMs ?? NaN) / 100));
    }
  });

  it("stays at the last frame when no more arrive", () => {
    const playback = play(times(10, 16), times(10, 16));
    expect(playback.moment(10_000)).toMatchObject({ speedKmh: 144, gameMs: 144 });
    expect(playback.isOver(10_000)).toBe(true);
    expect(playback.isOver(150)).toBe(false);
  });

  it("goes on after a flashback, a pause and at another speed of the game", () => {
    const playback = play([5_000, 5_016, 1_000, 1_016], [0, 16, 32, 48]);
    expect(playback.moment(1_000)?.gameMs).toBe(1_016);
    playback.add({ ...STILL, gameMs: 1_032, speedKmh: 7 }, 60_000);
    expect(playback.moment(60_500)?.speedKmh).toBe(7);
    const fast = play(times(300, 160), times(300, 16));
    expect(fast.moment(4_000)?.gameMs).toBeGreaterThan(30_000);
  });

  it("keeps ten seconds and no more", () => {
    const playback = play(times(3_000, 16), times(3_000, 16));
    const kept = playback.frames;
    expect((kept[kept.length - 1]?.at ?? 0) - (kept[0]?.at ?? 0)).toBeLessThan(12_500);
    expect(playback.moment(48_100)?.gameMs).toBe(47_984);
  });
});

describe("a binary frame", () => {
  // From the server: struct.pack("<BBHIIIBbHHHBBHfff", 1, 1, 513, 9, 83456, 0, 19, -1, 1, 287, 11950, 64, 25, 31, 1, .5, -.25)
  const HEX = "0101010209000000004601000000000013ff01001f01ae2e40191f000000803f0000003f000080be";
  const data = Uint8Array.from(HEX.match(/../g) ?? [], (byte) => parseInt(byte, 16)).buffer;

  it("is read as the server writes it", () =>
    expect(readFrame(data, 513)).toEqual({
      gameMs: 83_456,
      gear: -1,
      isDrsOpen: true,
      speedKmh: 287,
      rpm: 11_950,
      revLightsPct: 64,
      revLights: 31,
      throttle: 1,
      brake: 0.5,
      clutch: 0.25,
      steer: -0.25,
    }));

  it("is ignored if it belongs to another view or has another length", () => {
    expect(readFrame(data, 512)).toBeNull();
    expect(readFrame(data, null)).toBeNull();
    expect(readFrame(data.slice(0, 39), 513)).toBeNull();
  });
});
