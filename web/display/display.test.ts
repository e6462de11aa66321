import { describe, expect, it } from "vitest";
import { newBests } from "./changes";
import { isOther, optionsOf } from "../board/options";
import { columnsFor, pageStarts, places, slots, usualRows } from "./pages";
import { agreed, lapClock, type RigRow } from "../board/rigs";
import { ofAnswer, ofView, rank, type Board, type BoardRow } from "../board/standings";

const row = (id: string, position: number, best: number, more: Partial<BoardRow> = {}): BoardRow =>
  ({ id, position, is_equal: false, name: id, best_lap_ms: best, set_at: 1_000, ...more }) as BoardRow;
const board = (rows: BoardRow[], circuit = "Monza"): Board => ({
  meetingId: "m",
  meeting: "Thursday",
  circuit,
  rows,
});

describe("the address", () => {
  it("says what is asked for", () => {
    const options = optionsOf("?rows=8&rail=0&dwell=5&circuit=Monza&assists=none&weather=");
    expect(options).toEqual({
      rows: 8,
      rail: false,
      dwellMs: 5000,
      meeting: null,
      circuit: "Monza",
      filters: { assists: "none" },
    });
    expect(isOther(options)).toBe(true);
  });

  it.each(["", "?rows=-3&rail=yes&dwell=abc", "?rows=1e9"])("of %s is the usual board", (search) => {
    const options = optionsOf(search);
    expect(options).toMatchObject({ rows: null, rail: null, dwellMs: 12_000 });
    expect(isOther(options)).toBe(false);
  });
});

describe("pages", () => {
  it.each([
    [0, 11, [0]],
    [11, 11, [0]],
    [13, 11, [0, 2]],
    [25, 11, [0, 11, 14]],
  ])("of %i rows by %i begin at %j", (count, rows, starts) =>
    expect(pageStarts(count, rows)).toEqual(starts),
  );

  it("have the first three larger, and fill the height", () => {
    const made = slots(11, 800, true);
    expect(made[0]?.size).toBeGreaterThan(made[1]?.size ?? 0);
    expect(made[2]?.size).toBeGreaterThan(made[3]?.size ?? 0);
    const last = made.at(-1);
    expect((last?.top ?? 0) + (last?.height ?? 0)).toBeCloseTo(800);
    expect(new Set(slots(11, 800, false).map((slot) => slot.size))).toEqual(new Set([1]));
  });

  it("of a short board have larger places, but not all the screen for one", () => {
    expect([places(1, 11), places(9, 11), places(30, 11)]).toEqual([7, 9, 11]);
  });

  it("are the same picture on every TV of the same shape", () => {
    expect(usualRows(800, 1920, 1080, 1)).toBe(usualRows(533, 1280, 720, 1));
    expect(usualRows(800, 1920, 1080, 2)).toBeLessThan(usualRows(800, 1920, 1080, 1));
  });
});

it("drops columns in their order as it gets narrow", () => {
  const widths = Array.from({ length: 60 }, (_, at) => columnsFor(at * 40, 38));
  const order = ["sectors", "marks", "ago", "rig", "laps", "gap"] as const;
  const from = order.map((column) => widths.findIndex((columns) => columns.has(column)));
  expect(from).toEqual([...from].sort((one, other) => other - one));
  expect(widths[0]?.size).toBe(0);
});

describe("new bests", () => {
  const before = board([row("a", 1, 87_000), row("b", 2, 88_000)]);

  it("are better laps and first laps, with what they gained", () => {
    const after = board([row("b", 1, 86_500), row("a", 2, 87_000), row("c", 3, 90_000)]);
    expect(newBests(before, after, 2_000).map(({ row: { id }, gainMs }) => [id, gainMs])).toEqual([
      ["b", -1_500],
      ["c", null],
    ]);
  });

  it("are none where a lap was struck, an old one came back, or the board is another", () => {
    expect(newBests(before, board([row("b", 1, 89_000)]), 2_000)).toEqual([]);
    expect(newBests(before, board([row("a", 1, 86_000)]), 3_600_000)).toEqual([]);
    expect(newBests(before, board([row("a", 1, 86_000)], "Spa"), 2_000)).toEqual([]);
    expect(newBests(null, before, 2_000)).toEqual([]);
  });
});

describe("a board", () => {
  it("is in its order, those of equal times by who was first", () => {
    const rows = [
      row("a", 2, 2, { set_at: 9, is_equal: true }),
      row("b", 2, 2, { set_at: 3 }),
      row("c", 1, 1),
    ];
    const view = {
      seq: 1,
      epoch: "e",
      columns: [],
      rows: new Map(rows.map((one) => [one.id, one])),
      facts: { meeting_id: "m" },
      channel: null,
    };
    expect(ofView(view)?.rows.map((one) => one.id)).toEqual(["c", "b", "a"]);
    expect(ofView({ ...view, facts: {} })).toBeNull();
    expect(rank(rows[0] as BoardRow)).toBe("=2");
  });

  it("asked for has the marks of the live one", () => {
    const item = (entrant: string, sector1: number | null, best: number | null) => ({
      entrant,
      position: 1,
      sector1_ms: sector1,
      best_sector1_ms: best,
      set_at: "2026-11-22T20:12:00Z",
    });
    const answer = {
      items: [item("a", 28, 28), item("b", 29, 29), item("c", 31, 30), item("d", null, null)],
    };
    const made = ofAnswer(answer as unknown as Parameters<typeof ofAnswer>[0]);
    expect(made.rows.map((one) => one.s1_mark)).toEqual(["best", "personal", "slower", null]);
  });
});

describe("the clock of a lap", () => {
  const rig = {
    id: "r",
    state: "live",
    heard_at_ms: 50_000,
    clock_zero_ms: 10_000,
    clock_stands_at_ms: null,
    lap_start_ms: 20_000,
  } as unknown as RigRow;

  it("runs with the server's", () => expect(lapClock(rig, 51_000)).toBe(21_000));
  it("stops when the rig is silent", () => expect(lapClock(rig, 99_000)).toBe(22_000));
  it("stands while the game's does", () => {
    expect(lapClock({ ...rig, clock_zero_ms: null, clock_stands_at_ms: 25_000 }, 51_000)).toBe(5_000);
  });
  it("is nothing where nothing is known", () => {
    expect(lapClock({ ...rig, lap_start_ms: null }, 51_000)).toBeNull();
    expect(lapClock({ ...rig, clock_zero_ms: null }, 51_000)).toBeNull();
    expect(lapClock({ ...rig, lap_start_ms: 90_000 }, 51_000)).toBeNull();
  });

  it("of several rigs: they are paused only if all are", () => {
    const paused = { ...rig, is_paused: true };
    expect(agreed([paused, paused], (one) => one.is_paused)).toBe(true);
    expect(agreed([paused, { ...rig, is_paused: false }], (one) => one.is_paused)).toBeNull();
    expect(agreed([], (one) => one.is_paused)).toBeNull();
  });
});
