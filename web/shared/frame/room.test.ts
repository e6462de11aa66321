import { describe, expect, it } from "vitest";
import type { View } from "../connection/protocol";
import { drivenBesides, drivenInstead, drivenMore } from "./room";
import type { RoomFacts, RoomRow } from "../rows";

type Driven = readonly [circuit: string, rigs: number, isShown?: boolean];

function room(held: string | null, ...driven: Driven[]): View<RoomRow, RoomFacts> {
  const rows = driven.map(([circuit, rigs, is_shown = false]): RoomRow => ({
    id: circuit.toLowerCase(),
    circuit,
    rigs,
    is_shown,
  }));
  return {
    seq: 1,
    epoch: "e",
    columns: ["id", "circuit", "rigs", "is_shown"],
    rows: new Map(rows.map((row) => [row.id, row])),
    facts: { held, followed: "Monza" },
    channel: null,
  };
}

describe("circuits that rigs drive instead of the held one", () => {
  it("are those with rigs, if nobody drives the held circuit", () => {
    expect(drivenInstead(room("Imola", ["Spa", 1], ["Losail", 2]))).toEqual(["Losail", "Spa"]);
  });
  it("are none while a rig drives the held circuit", () => {
    expect(drivenInstead(room("Imola", ["Imola", 1, true], ["Losail", 2]))).toEqual([]);
  });
  it("are none while no circuit is held, no rig drives, or the view is not known yet", () => {
    expect(drivenInstead(room(null, ["Losail", 2]))).toEqual([]);
    expect(drivenInstead(room("Imola"))).toEqual([]);
    expect(drivenInstead(null)).toEqual([]);
  });
});

describe("the circuit that rigs drive besides the shown one", () => {
  it("is the one with most rigs, while the board follows the rigs", () => {
    const view = room(null, ["Monza", 3, true], ["Spa", 1], ["Losail", 2]);
    expect(drivenBesides(view)?.circuit).toBe("Losail");
  });
  it("is none while all rigs drive the shown one, a circuit is held, or the view is not known yet", () => {
    expect(drivenBesides(room(null, ["Monza", 3, true]))).toBeNull();
    expect(drivenBesides(room("Monza", ["Monza", 3, true], ["Spa", 1]))).toBeNull();
    expect(drivenBesides(null)).toBeNull();
  });
});

describe("the circuit that more rigs drive than the held one", () => {
  it("is the one with most rigs", () => {
    const view = room("Monza", ["Monza", 1, true], ["Spa", 2], ["Losail", 3]);
    expect(drivenMore(view)?.circuit).toBe("Losail");
  });
  it("is none with as many rigs at the held one, while none is held, or if nobody drives the held one", () => {
    expect(drivenMore(room("Monza", ["Monza", 2, true], ["Spa", 2]))).toBeNull();
    expect(drivenMore(room(null, ["Monza", 1, true], ["Spa", 2]))).toBeNull();
    expect(drivenMore(room("Imola", ["Spa", 2]))).toBeNull();
    expect(drivenMore(null)).toBeNull();
  });
});
