import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { DEAD_MS, Line, STALE_MS, type Event, type Status } from "./socket";
import type { View } from "./views";

class FakeSocket {
  static readonly OPEN = 1;
  static all: FakeSocket[] = [];
  readyState = 0;
  sent: unknown[] = [];
  binaryType = "";
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;

  constructor() {
    FakeSocket.all.push(this);
  }
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.readyState = 3;
  }
  accept() {
    this.readyState = FakeSocket.OPEN;
    this.onopen?.();
  }
  say(message: object) {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
  end(code: number) {
    this.readyState = 3;
    this.onclose?.({ code });
  }
}

const SNAPSHOT = {
  view: "board",
  seq: 7,
  epoch: "a1",
  snapshot: { columns: ["id", "driver"], rows: [["ana", "Ana"]], facts: {} },
};

let line: Line;
let statuses: Status[];
let views: ReadonlyMap<string, View>[];
let events: Event[];
let greetings: string[];
let commands: string[];
let frames: ArrayBuffer[];

const newest = () => FakeSocket.all.at(-1) as FakeSocket;
const states = () => statuses.map((status) => status.state);

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 22) });
  vi.stubGlobal("WebSocket", FakeSocket);
  FakeSocket.all = [];
  [statuses, views, events, greetings, commands, frames] = [[], [], [], [], [], []];
  line = new Line("ws://here/ws", {
    status: (status) => statuses.push(status),
    views: (changed) => views.push(changed),
    events: (told) => events.push(...told),
    hello: (build) => greetings.push(build),
    command: (command) => commands.push(command),
    binary: (data) => frames.push(data),
  });
  line.follow("board");
  line.open();
});

afterEach(() => {
  line.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("subscribes when the connection is there, and shows what comes in one flush", () => {
  newest().accept();
  expect(newest().sent).toEqual([{ subscribe: ["board"], resume: {} }]);
  newest().say(SNAPSHOT);
  newest().say({ view: "board", seq: 8, rows: { ana: { "1": "Anna" } } });
  expect(views).toEqual([]);
  vi.advanceTimersByTime(300);
  expect(views.map((changed) => changed.get("board")?.rows.get("ana")?.["driver"])).toEqual(["Anna"]);
  expect(states()).toEqual(["live"]);
});

it("says that it is stale, then lets a silent connection go", () => {
  newest().accept();
  newest().say(SNAPSHOT);
  vi.advanceTimersByTime(STALE_MS + 500);
  expect(states()).toEqual(["live", "stale"]);
  vi.advanceTimersByTime(DEAD_MS - STALE_MS);
  expect(states()).toEqual(["live", "stale", "offline"]);
});

it("comes back for ever, with pauses from 1 to 30 s, and goes on where it was", () => {
  newest().accept();
  newest().say(SNAPSHOT);
  vi.advanceTimersByTime(300);
  const tries: number[] = [];
  for (let attempt = 0; attempt < 12; attempt += 1) {
    newest().end(1006);
    const before = FakeSocket.all.length;
    const from = Date.now();
    while (FakeSocket.all.length === before) vi.advanceTimersByTime(100);
    tries.push(Date.now() - from);
  }
  expect(tries[0]).toBeGreaterThanOrEqual(500);
  expect(tries[0]).toBeLessThanOrEqual(1_000);
  expect(Math.max(...tries)).toBeLessThanOrEqual(30_000);
  expect(Math.min(...tries.slice(6))).toBeGreaterThanOrEqual(15_000);
  newest().accept();
  expect(newest().sent).toEqual([{ subscribe: ["board"], resume: { board: { epoch: "a1", seq: 7 } } }]);
  newest().say({ view: "board", seq: 8, facts: {} });
  expect(states().at(-1)).toBe("live");
});

it("says that the server restarts when it says so itself", () => {
  newest().accept();
  newest().say(SNAPSHOT);
  newest().end(1012);
  expect(states().at(-1)).toBe("restarting");
  vi.advanceTimersByTime(1_000);
  newest().end(1006);
  expect(states().at(-1)).toBe("restarting");
});

it("asks for a snapshot once when something is missing, and keeps what it shows", () => {
  newest().accept();
  newest().say(SNAPSHOT);
  newest().say({ view: "board", seq: 9, facts: {} });
  vi.advanceTimersByTime(300);
  newest().say({ view: "board", seq: 10, facts: {} });
  vi.advanceTimersByTime(300);
  expect(newest().sent).toEqual(Array(2).fill({ subscribe: ["board"], resume: {} }));
  newest().say({ ...SNAPSHOT, seq: 10 });
  vi.advanceTimersByTime(300);
  expect(views.at(-1)?.get("board")?.seq).toBe(10);
});

it("hands events and binary frames on", () => {
  line.follow("events");
  newest().accept();
  newest().say({ view: "events", seq: 3, snapshot: { server_time: "2026-11-22T00:00:00Z" } });
  newest().say({ view: "events", seq: 4, event: "lap_official", data: { id: "x" } });
  newest().onmessage?.({ data: new ArrayBuffer(8) });
  vi.advanceTimersByTime(300);
  expect(events).toEqual([{ name: "lap_official", data: { id: "x" } }]);
  expect(frames[0]?.byteLength).toBe(8);
});

it("goes on with events where it was, by the number of the server's run", () => {
  line.leave("board");
  line.follow("events");
  newest().accept();
  const at = "2026-11-22T00:00:00Z";
  newest().say({ hello: { protocol: 1, build: "b1", epoch: "run1", server_time: at } });
  newest().say({ view: "events", seq: 3, snapshot: { server_time: at } });
  newest().say({ view: "events", seq: 4, event: "rig_seen", data: {} });
  vi.advanceTimersByTime(300);
  newest().end(1006);
  vi.advanceTimersByTime(1_000);
  newest().accept();
  expect(newest().sent).toEqual([{ subscribe: ["events"], resume: { events: { epoch: "run1", seq: 4 } } }]);
  expect(greetings).toEqual(["b1"]);
});

it("does what the server asks the screen to do", () => {
  newest().accept();
  newest().say({ command: "reload" });
  expect(commands).toEqual(["reload"]);
});

it("knows the server's clock by the median of what it heard", () => {
  newest().accept();
  for (const ahead of [5_000, 5_020, 90_000]) {
    const time = new Date(Date.now() + ahead).toISOString();
    newest().say({ view: "board", seq: 7, heartbeat: { server_time: time } });
  }
  expect(line.serverNow() - Date.now()).toBe(5_020);
});

it("tries at once when somebody looks", () => {
  newest().end(1006);
  line.hurry();
  expect(FakeSocket.all.length).toBe(2);
});

it("stays closed when it was closed", () => {
  line.close();
  vi.advanceTimersByTime(120_000);
  line.hurry();
  expect(FakeSocket.all.length).toBe(1);
});
