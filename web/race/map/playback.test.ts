import { describe, expect, it } from "vitest";
import { FLAG, readMapFrame, type MapCar, type MapFrame } from "./frames";
import { chooseLabels, labelPlaces, shortName, type Label } from "./labels";
import { MapPlayback } from "./playback";

const car = (x: number, lapM = x): MapCar => ({ id: "3", position: 1, flags: 0, x, z: 0, lapM });
const frame = (gameMs: number, ...cars: MapCar[]): MapFrame => ({ gameMs, cars });
const times = (count: number, interval: number) => Array.from({ length: count }, (_, at) => at * interval);

describe("the playback of a map", () => {
  it("is empty before the first frame", () => expect(new MapPlayback().cars(5)).toEqual([]));

  it("moves cars evenly though frames arrive unevenly", () => {
    const playback = new MapPlayback();
    const shown: number[] = [];
    let sent = 0;
    for (const now of times(400, 4)) {
      // 10 m in 50 ms; each frame is up to 20 ms late.
      while (sent * 50 + ((sent * 7) % 5) * 5 <= now) {
        playback.add(frame(sent * 50, car(sent * 10)), now);
        sent += 1;
      }
      if (now > 400) shown.push(playback.cars(now)[0]?.x ?? NaN);
    }
    const steps = shown.slice(1).map((x, at) => x - (shown[at] ?? NaN));
    expect(Math.min(...steps)).toBeGreaterThan(0.4);
    expect(Math.max(...steps)).toBeLessThan(1.2);
  });

  it("leaves cars where they are when no more frames arrive", () => {
    const playback = new MapPlayback();
    times(5, 50).forEach((at) => playback.add(frame(at, car(at)), at));
    expect(playback.cars(9_000)[0]?.x).toBe(200);
    expect([playback.isOver(210), playback.isOver(9_000)]).toEqual([false, true]);
  });

  it("moves nobody across the map: after a flashback, at the line, and when a place becomes known", () => {
    const playback = new MapPlayback();
    playback.add(frame(5_000, car(900, 3_999)), 0);
    playback.add(frame(5_050, car(100, 2)), 50);
    expect(playback.cars(135)[0]).toMatchObject({ x: 100, lapM: 2 });
    playback.add(frame(1_000, car(NaN, 300)), 100);
    playback.add(frame(1_050, car(310, 310)), 150);
    expect(playback.cars(10_000)[0]).toMatchObject({ x: 310 });
  });

  it("shows a car that appears where it is, and none that has gone", () => {
    const playback = new MapPlayback();
    playback.add(frame(0, car(0)), 0);
    playback.add(frame(50, { ...car(10), id: "4" }), 50);
    expect(playback.cars(135)).toEqual([{ ...car(10), id: "4" }]);
  });
});

describe("a binary frame", () => {
  // From the server: struct.pack("<BBHIII" "BBHfff", 1, 1, 513, 9, 83456, 0, 19, 2, 2049, -1.5, 250.25, 1234.5)
  const HEX = "01010102090000000046010000000000130201080000c0bf00407a4300509a44";
  const data = Uint8Array.from(HEX.match(/../g) ?? [], (byte) => parseInt(byte, 16)).buffer;

  it("is read as the server writes it", () =>
    expect(readMapFrame(data, 513)).toEqual({
      gameMs: 83_456,
      cars: [{ id: "19", position: 2, flags: FLAG.leader | FLAG.own, x: -1.5, z: 250.25, lapM: 1_234.5 }],
    }));

  it("is ignored if it belongs to another view or has another length", () => {
    expect(readMapFrame(data, 512)).toBeNull();
    expect(readMapFrame(data, null)).toBeNull();
    expect(readMapFrame(data.slice(0, 31), 513)).toBeNull();
    expect(readMapFrame(new ArrayBuffer(3), 513)).toBeNull();
  });
});

describe("the labels", () => {
  const label = (id: string, x: number, rank: number, count = 1): Label => ({
    id,
    places: [
      { x, y: 0 },
      { x, y: 50 },
    ].slice(0, count),
    width: 30,
    height: 20,
    rank,
  });

  it("that are shown do not cover each other, and those of people come first", () => {
    const labels = [label("ai", 0, 100), label("person", 20, 1), label("far", 60, 101)];
    expect([...chooseLabels(labels, new Map()).keys()]).toEqual(["person", "far"]);
  });

  it("go to the other side of the course where one is covered", () => {
    const labels = [label("ai", 0, 100, 2), label("person", 20, 1, 2), label("last", 5, 101, 2)];
    expect([...chooseLabels(labels, new Map())]).toEqual([
      ["person", 0],
      ["ai", 1],
    ]);
  });

  it("do not take turns: of equal ones, the one that was shown stays, at its side", () => {
    const labels = [label("a", 0, 5), label("b", 10, 5, 2)];
    expect([...chooseLabels(labels, new Map([["b", 1]]))]).toEqual([
      ["b", 1],
      ["a", 0],
    ]);
    expect([...chooseLabels(labels, new Map([["b", 0]])).keys()]).toEqual(["b"]);
  });

  it("do not cover a dot that must be seen", () => {
    const dot = { x: 0, y: 5, width: 20, height: 20 };
    expect([...chooseLabels([label("a", 10, 5, 2)], new Map(), [dot])]).toEqual([["a", 1]]);
  });

  it("are beside the car, on the outer side first, and inside of the map", () => {
    const map = { width: 400, height: 300 };
    const size = { width: 60, height: 20 };
    expect(labelPlaces({ x: 300, y: 150 }, size, map, 10)).toEqual([
      { x: 340, y: 150 },
      { x: 260, y: 150 },
    ]);
    expect(labelPlaces({ x: 300, y: 250 }, size, map, 10)[0]).toEqual({ x: 320, y: 270 });
    expect(labelPlaces({ x: 20, y: 150 }, size, map, 10)[0]).toEqual({ x: 30, y: 150 });
  });

  it.each([
    ["VERSTAPPEN", false, "VER"],
    ["Carlos SAINZ", false, "SAI"],
    ["Giulia Rossi", true, "Giulia"],
    ["Maximiliane", true, "Maximilian"],
    ["", true, "44"],
    [null, false, "44"],
  ])("of %s is short", (name, isPerson, expected) => {
    expect(shortName(name, isPerson, "44")).toBe(expected);
  });
});
