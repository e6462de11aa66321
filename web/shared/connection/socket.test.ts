import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { View } from "./protocol";
import { Connection, DEAD_MS, SILENCE_CHECK_MS, STALE_MS, type Event, type Status } from "./socket";

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
  receive(message: object) {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
  closeFromServer(code: number) {
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

let connection: Connection;
let statuses: Status[];
let views: ReadonlyMap<string, View>[];
let events: Event[];
let builds: string[];
let commands: string[];
let troubles: (string | null)[];
let frames: ArrayBuffer[];

const newest = () => FakeSocket.all.at(-1) as FakeSocket;
const states = () => statuses.map((status) => status.state);

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 22) });
  vi.stubGlobal("WebSocket", FakeSocket);
  FakeSocket.all = [];
  [statuses, views, events, builds, commands, frames, troubles] = [[], [], [], [], [], [], []];
  connection = new Connection("ws://here/ws", {
    status: (status) => statuses.push(status),
    views: (changed) => views.push(changed),
    events: (received) => events.push(...received),
    hello: (build) => builds.push(build),
    command: (command) => commands.push(command),
    storage: (trouble) => troubles.push(trouble),
    binary: (data) => frames.push(data),
  });
  connection.subscribe("board");
  connection.open();
});

afterEach(() => {
  connection.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("subscribes once it is open, and reports all messages of a frame together", () => {
  newest().accept();
  expect(newest().sent).toEqual([{ subscribe: ["board"], resume: {} }]);
  newest().receive(SNAPSHOT);
  newest().receive({ view: "board", seq: 8, rows: { ana: { "1": "Anna" } } });
  expect(views).toEqual([]);
  vi.advanceTimersByTime(300);
  expect(views.map((changed) => changed.get("board")?.rows.get("ana")?.["driver"])).toEqual(["Anna"]);
  expect(states()).toEqual(["live"]);
});

it("is stale when it is silent, then offline", () => {
  newest().accept();
  newest().receive(SNAPSHOT);
  vi.advanceTimersByTime(STALE_MS + SILENCE_CHECK_MS);
  expect(states()).toEqual(["live", "stale"]);
  vi.advanceTimersByTime(DEAD_MS - STALE_MS);
  expect(states()).toEqual(["live", "stale", "offline"]);
});

it("notices within about 3 s that nothing arrives", () => {
  newest().accept();
  newest().receive(SNAPSHOT);
  vi.advanceTimersByTime(3_250);
  expect(states().at(-1)).toBe("stale");
});

it("is offline as soon as the browser reports that the network is gone, and tries again", () => {
  newest().accept();
  newest().receive(SNAPSHOT);
  connection.handleNetworkLost();
  expect(states()).toEqual(["live", "offline"]);
  vi.advanceTimersByTime(1_000);
  newest().accept();
  newest().receive(SNAPSHOT);
  expect(states().at(-1)).toBe("live");
});

it("reconnects for ever, with pauses from 1 to 30 s, and resumes its views", () => {
  newest().accept();
  newest().receive(SNAPSHOT);
  vi.advanceTimersByTime(300);
  const pauses: number[] = [];
  for (let attempt = 0; attempt < 12; attempt += 1) {
    newest().closeFromServer(1006);
    const count = FakeSocket.all.length;
    const closedAt = Date.now();
    while (FakeSocket.all.length === count) vi.advanceTimersByTime(100);
    pauses.push(Date.now() - closedAt);
  }
  expect(pauses[0]).toBeGreaterThanOrEqual(500);
  expect(pauses[0]).toBeLessThanOrEqual(1_000);
  expect(Math.max(...pauses)).toBeLessThanOrEqual(30_000);
  expect(Math.min(...pauses.slice(6))).toBeGreaterThanOrEqual(15_000);
  newest().accept();
  expect(newest().sent).toEqual([{ subscribe: ["board"], resume: { board: { epoch: "a1", seq: 7 } } }]);
  newest().receive({ view: "board", seq: 8, facts: {} });
  expect(states().at(-1)).toBe("live");
});

it("reports a restart that the server announces", () => {
  newest().accept();
  newest().receive(SNAPSHOT);
  newest().closeFromServer(1012);
  expect(states().at(-1)).toBe("restarting");
  vi.advanceTimersByTime(1_000);
  newest().closeFromServer(1006);
  expect(states().at(-1)).toBe("restarting");
});

it("requests one snapshot when a message is missing, and shows the old rows until then", () => {
  newest().accept();
  newest().receive(SNAPSHOT);
  newest().receive({ view: "board", seq: 9, facts: {} });
  vi.advanceTimersByTime(300);
  newest().receive({ view: "board", seq: 10, facts: {} });
  vi.advanceTimersByTime(300);
  expect(newest().sent).toEqual(Array(2).fill({ subscribe: ["board"], resume: {} }));
  newest().receive({ ...SNAPSHOT, seq: 10 });
  vi.advanceTimersByTime(300);
  expect(views.at(-1)?.get("board")?.seq).toBe(10);
});

it("passes on events and binary messages", () => {
  connection.subscribe("events");
  newest().accept();
  newest().receive({ view: "events", seq: 3, snapshot: { server_time: "2026-11-22T00:00:00Z" } });
  newest().receive({ view: "events", seq: 4, event: "lap_official", data: { id: "x" } });
  newest().onmessage?.({ data: new ArrayBuffer(8) });
  vi.advanceTimersByTime(300);
  expect(events).toEqual([{ name: "lap_official", data: { id: "x" } }]);
  expect(frames[0]?.byteLength).toBe(8);
});

it("resumes events by the epoch of the server's run", () => {
  connection.unsubscribe("board");
  connection.subscribe("events");
  newest().accept();
  const at = "2026-11-22T00:00:00Z";
  newest().receive({ hello: { protocol: 1, build: "b1", epoch: "run1", server_time: at } });
  newest().receive({ view: "events", seq: 3, snapshot: { server_time: at } });
  newest().receive({ view: "events", seq: 4, event: "rig_seen", data: {} });
  vi.advanceTimersByTime(300);
  newest().closeFromServer(1006);
  vi.advanceTimersByTime(1_000);
  newest().accept();
  expect(newest().sent).toEqual([{ subscribe: ["events"], resume: { events: { epoch: "run1", seq: 4 } } }]);
  expect(builds).toEqual(["b1"]);
});

it("passes on what the server says about its storage, and forgets it after a reconnect", () => {
  newest().accept();
  const hello = { protocol: 2, build: "", epoch: "1", server_time: "2026-11-22T16:12:00.250Z" };
  newest().receive({ hello });
  newest().receive({ storage: { trouble: "full" } });
  newest().receive({ storage: { trouble: null } });
  newest().receive({ storage: { trouble: "read-only" } });
  newest().receive({ hello });
  expect(troubles).toEqual([null, "full", null, "read-only", null]);
});

it("passes on commands to the screen", () => {
  newest().accept();
  newest().receive({ command: "reload" });
  expect(commands).toEqual(["reload"]);
});

it("knows the server's clock by the median of the received times", () => {
  newest().accept();
  for (const ahead of [5_000, 5_020, 90_000]) {
    const time = new Date(Date.now() + ahead).toISOString();
    newest().receive({ view: "board", seq: 7, heartbeat: { server_time: time } });
  }
  expect(connection.serverNow() - Date.now()).toBe(5_020);
});

it("reconnects at once when the user looks at the page", () => {
  newest().closeFromServer(1006);
  connection.reconnectNow();
  expect(FakeSocket.all.length).toBe(2);
});

it("stays closed after close", () => {
  connection.close();
  vi.advanceTimersByTime(120_000);
  connection.reconnectNow();
  expect(FakeSocket.all.length).toBe(1);
});
