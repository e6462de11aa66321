import { describe, expect, it } from "vitest";
import { apply, resumePoint, serverTime, type Message, type View } from "./protocol";

const SNAPSHOT: Message = {
  view: "board",
  seq: 7,
  epoch: "a1",
  snapshot: {
    columns: ["id", "driver", "best_lap_ms"],
    rows: [
      ["ana", "Ana", 83_456],
      ["ben", "Ben", null],
    ],
    facts: { circuit: "Monza", meeting: "Club night" },
  },
};

function after(...messages: Message[]) {
  let view: View | null = null;
  const outcomes = messages.map((message) => {
    const step = apply(view, message);
    view = step.view;
    return step.outcome;
  });
  return { view: view as unknown as View, outcomes };
}

describe("a snapshot", () => {
  it("becomes the view, with cells by column name", () => {
    const { view } = after(SNAPSHOT);
    expect([...view.rows.values()]).toEqual([
      { id: "ana", driver: "Ana", best_lap_ms: 83_456 },
      { id: "ben", driver: "Ben", best_lap_ms: null },
    ]);
    expect(view.facts).toEqual({ circuit: "Monza", meeting: "Club night" });
    expect(resumePoint(view)).toEqual({ epoch: "a1", seq: 7 });
  });

  it("replaces the whole view", () => {
    const { view } = after(SNAPSHOT, {
      ...SNAPSHOT,
      seq: 2,
      epoch: "b2",
      snapshot: { columns: [], rows: [], facts: {} },
    });
    expect([view.rows.size, view.seq, view.epoch]).toEqual([0, 2, "b2"]);
  });

  it("may lack cells, which are then unknown", () => {
    const { view } = after({
      view: "board",
      seq: 1,
      snapshot: { columns: ["id", "driver", "rig"], rows: [["x", "X"]] },
    });
    expect(view.rows.get("x")).toEqual({ id: "x", driver: "X", rig: null });
    expect(resumePoint(view)).toBeNull();
  });
});

describe("an update", () => {
  it("changes the cells that it names and leaves the other rows the same objects", () => {
    const before = after(SNAPSHOT).view;
    const { view, outcomes } = after(SNAPSHOT, { view: "board", seq: 8, rows: { ben: { "2": 84_001 } } });
    expect(outcomes).toEqual(["changed", "changed"]);
    expect(view.rows.get("ben")).toEqual({ id: "ben", driver: "Ben", best_lap_ms: 84_001 });
    const step = apply(before, { view: "board", seq: 8, rows: { ben: { "2": 1 } } });
    expect(step.view?.rows.get("ana")).toBe(before.rows.get("ana"));
    expect(before.rows.get("ben")).toEqual({ id: "ben", driver: "Ben", best_lap_ms: null });
  });

  it("adds a row with unknown cells, and removes a row", () => {
    const { view } = after(SNAPSHOT, { view: "board", seq: 8, rows: { cat: { "1": "Cat" } }, gone: ["ana"] });
    expect([...view.rows.values()].map((row) => row.id)).toEqual(["ben", "cat"]);
    expect(view.rows.get("cat")).toEqual({ id: "cat", driver: "Cat", best_lap_ms: null });
  });

  it("makes a cell unknown with null", () => {
    const { view } = after(SNAPSHOT, { view: "board", seq: 8, rows: { ana: { "2": null } } });
    expect(view.rows.get("ana")?.["best_lap_ms"]).toBeNull();
  });

  it("of facts only leaves the rows the same object", () => {
    const before = after(SNAPSHOT).view;
    const { view } = apply(before, { view: "board", seq: 8, facts: { circuit: "Spa" } });
    expect(view?.facts).toEqual({ circuit: "Spa", meeting: "Club night" });
    expect(view?.rows).toBe(before.rows);
  });

  it("cannot change the id of a row or an unknown column", () => {
    const { view } = after(SNAPSHOT, {
      view: "board",
      seq: 8,
      rows: { ana: { "0": "x", "1": "Anna", "9": "?" } },
    });
    expect(view.rows.get("ana")).toEqual({ id: "ana", driver: "Anna", best_lap_ms: 83_456 });
  });

  it("that was received before changes nothing", () => {
    const { view, outcomes } = after(SNAPSHOT, { view: "board", seq: 7, rows: { ana: { "1": "?" } } });
    expect([outcomes[1], view.rows.get("ana")?.["driver"]]).toEqual(["same", "Ana"]);
  });
});

describe("an update that joins several", () => {
  it.each([5, 6, 7])("applies to seq 7 with since %i", (since) => {
    const { view, outcomes } = after(SNAPSHOT, {
      view: "board",
      seq: 12,
      since,
      rows: { ana: { "1": "Anna" } },
    });
    expect([outcomes[1], view.seq, view.rows.get("ana")?.["driver"]]).toEqual(["changed", 12, "Anna"]);
  });

  it("can remove a row and add it again", () => {
    const { view } = after(SNAPSHOT, {
      view: "board",
      seq: 9,
      since: 7,
      gone: ["ana"],
      rows: { ana: { "2": 5 } },
    });
    expect(view.rows.get("ana")).toEqual({ id: "ana", driver: null, best_lap_ms: 5 });
  });
});

describe("a gap", () => {
  it.each<[string, Message]>([
    ["in the numbers", { view: "board", seq: 9, facts: {} }],
    ["before a joined update", { view: "board", seq: 12, since: 8, facts: {} }],
    ["found by a heartbeat", { view: "board", seq: 8, heartbeat: { server_time: "2026-11-22T16:12:00Z" } }],
    ["after a restart of the server", { view: "board", seq: 8, epoch: "b2", facts: {} }],
  ])("%s leaves the view as it is and needs a snapshot", (_name, message) => {
    const { view, outcomes } = after(SNAPSHOT, message);
    expect([outcomes[1], view.seq, view.rows.size]).toEqual(["gap", 7, 2]);
  });

  it("is an update without a snapshot before it", () => {
    expect(apply(null, { view: "board", seq: 1, facts: {} })).toEqual({ view: null, outcome: "gap" });
  });

  it("ends with the next snapshot", () => {
    const { outcomes } = after(SNAPSHOT, { view: "board", seq: 9, facts: {} }, { ...SNAPSHOT, seq: 9 });
    expect(outcomes).toEqual(["changed", "gap", "changed"]);
  });
});

describe("a heartbeat", () => {
  it("with the current number means that nothing is missing", () => {
    const { outcomes } = after(SNAPSHOT, {
      view: "board",
      seq: 7,
      heartbeat: { server_time: "2026-11-22T16:12:00Z" },
    });
    expect(outcomes[1]).toBe("same");
  });

  it("with an older number means nothing", () => {
    const late: Message = { view: "board", seq: 6, heartbeat: { server_time: "2026-11-22T16:12:00Z" } };
    expect(after(SNAPSHOT, late).outcomes[1]).toBe("same");
  });

  it("carries the server's time, as a snapshot may", () => {
    const at = "2026-11-22T16:12:00.250Z";
    expect(serverTime({ heartbeat: { server_time: at } })).toBe(Date.parse(at));
    expect(serverTime({ snapshot: { server_time: at } })).toBe(Date.parse(at));
    const hello = { protocol: 1, build: "x", epoch: "a1", server_time: at };
    expect(serverTime({ hello })).toBe(Date.parse(at));
    expect(serverTime({ heartbeat: { server_time: "soon" } })).toBeNull();
  });
});
