import { describe, expect, it } from "vitest";
import { cornerAt, modelOf, placeAt, showing, within, zoomed, type Answer } from "./model";

const TAKEN = {
  time_ms: 4000,
  braking_m: 10,
  turn_in_m: null,
  apex_m: 20,
  apex_kmh: 80,
  exit_kmh: 120,
  apex_gear: 2,
  full_throttle_pct: 40,
};

/** An answer of a lap that lost so much; its speeds and those of the reference tell the two apart. */
function answer(lostMs: number, speed: number): Answer {
  return {
    lap_id: "l",
    other_id: "r",
    track_length_m: 40,
    lap_time_ms: 1000 + lostMs,
    other_time_ms: 1000,
    ideal_time_ms: null,
    remarks: [],
    sentences: [],
    places_m: [0, 20, 40],
    delta_ms: [0, null, lostMs],
    lap: { speed_kmh: [speed, speed, speed] },
    other: { speed_kmh: [300, 300, 300] },
    corners: [
      {
        number: 1,
        begins_m: 5,
        apex_m: 20,
        ends_m: 30,
        lap: { ...TAKEN, apex_kmh: speed },
        other: TAKEN,
      },
    ],
  };
}

describe("the comparison of several laps", () => {
  it("has the reference once, with a delta of zero", () => {
    const model = modelOf([answer(50, 200), null, answer(-9, 310)], 1);
    expect(model?.lines.map(({ index, deltaMs }) => [index, deltaMs])).toEqual([
      [0, [0, null, 50]],
      [1, [0, 0, 0]],
      [2, [0, null, -9]],
    ]);
    expect(model?.reference).toBe(1);
    expect(model?.lines.map(({ channels }) => channels["speed_kmh"]?.[0])).toEqual([200, 300, 310]);
    expect(model?.corners[0]?.taken.map((taken) => taken?.apex_kmh)).toEqual([200, 80, 310]);
  });

  it("leaves out a lap that cannot be compared", () => {
    const model = modelOf([null, null, answer(7, 200)], 0);
    expect(model?.lines.map(({ index }) => index)).toEqual([0, 2]);
    expect(model?.corners[0]?.taken).toHaveLength(2);
  });

  it("shows one lap alone by its comparison with itself", () => {
    const model = modelOf([answer(0, 300)], 0);
    expect(model?.lines).toHaveLength(1);
    expect(model?.lines[0]?.deltaMs).toEqual([0, 0, 0]);
  });

  it("is nothing where no lap can be compared", () => {
    expect(modelOf([null, null], 0)).toBeNull();
    expect(modelOf([], 0)).toBeNull();
  });
});

describe("places", () => {
  const model = { placesM: [0, 2, 4, 5] };
  it.each([
    [-3, 0],
    [0.9, 0],
    [1.1, 1],
    [4.4, 2],
    [4.6, 3],
    [99, 3],
  ])("%s m is nearest to the place %s", (metres, place) => {
    expect(placeAt(model, metres)).toBe(place);
  });

  it("are in the corner that has not ended yet", () => {
    const corners = [
      { number: 1, beginsM: 10, apexM: 15, endsM: 20, taken: [] },
      { number: 2, beginsM: 30, apexM: 35, endsM: 40, taken: [] },
    ];
    expect([5, 19, 20, 99].map((metres) => cornerAt({ corners }, metres)?.number)).toEqual([1, 1, 2, 2]);
    expect(cornerAt({ corners: [] }, 5)).toBeNull();
  });
});

describe("the part that is shown", () => {
  it("is zoomed around a place, which stays where it is", () => {
    expect(zoomed([0, 1000], { factor: 0.5, around: 250, lengthM: 1000 })).toEqual([125, 625]);
    expect(zoomed([0, 400], { factor: 0.5, around: 0, lengthM: 1000 })).toEqual([0, 200]);
  });

  it("is never too short to read, and never more than the lap", () => {
    expect(zoomed([100, 170], { factor: 0.5, around: 100, lengthM: 1000 })).toEqual([100, 160]);
    expect(zoomed([0, 800], { factor: 2, around: 10, lengthM: 1000 })).toBeNull();
  });

  it("follows the cursor and stays on the lap", () => {
    expect(showing([100, 200], 150, 1000)).toEqual([100, 200]);
    expect(showing([100, 200], 300, 1000)).toEqual([215, 315]);
    expect(showing([100, 200], 50, 1000)).toEqual([35, 135]);
    expect(within([950, 1050], 1000)).toEqual([900, 1000]);
    expect(within([-20, 30], 1000)).toEqual([0, 50]);
  });
});
