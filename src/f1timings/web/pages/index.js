// The first page: rigs, latest laps and sessions. Loads over HTTP, then follows the socket; the socket's handler
// only writes to a buffer, and one flush an animation frame changes the page. Names from the game are text only.

import { follow } from "./connection.js";
import { ago, capital, clock, count, DASH, lapNotes, lapTime, words } from "./format.js";

const LAPS_SHOWN = 50;
const SESSIONS_SHOWN = 12;
const BUFFER_MOST = 1000; // a hidden tab gets no animation frames: beyond this, load anew instead
const RIGS_EVERY_MS = 3000;

const known = { laps: new Map(), sessions: new Map(), cars: new Map(), rigs: new Map() };
const rows = { laps: new Map(), sessions: new Map(), rigs: new Map() };
const packetRates = new Map();
let buffer = [];
let isFlushAsked = false;
let isReloadNeeded = false;
let isLoading = false;
let arrivals = 0;

const byId = (id) => document.getElementById(id);

async function get(path) {
  const answer = await fetch(path, { headers: { Accept: "application/json" }, cache: "no-store" });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

// ---------------------------------------------------------------- connection

const STATES = {
  connecting: { glyph: "○", words: () => "Connecting…" },
  live: { glyph: "●", words: () => "Live" },
  reconnecting: { glyph: "↻", words: (attempt) => `Reconnecting… (attempt ${attempt})` },
};
let rightAt = null;

function showState(state, attempt) {
  const line = byId("connection");
  line.dataset.state = state;
  setText(line.querySelector(".glyph"), STATES[state].glyph);
  setText(line.querySelector(".words"), STATES[state].words(attempt));
  if (state === "live") rightAt = new Date();
  setText(line.querySelector(".since"), state !== "live" && rightAt ? `– showing what was known at ${clock(rightAt)}` : "");
}

const connection = follow({ onState: showState, onMessage: keep });

function keep(message) {
  if (message.heartbeat) { if (!isLoading) rightAt = new Date(); return; }
  if (message.snapshot) { buffer = []; isReloadNeeded = true; }
  else if (buffer.length < BUFFER_MOST) buffer.push(message);
  else { buffer = []; isReloadNeeded = true; }
  askFlush();
}

function askFlush() {
  if (isFlushAsked || isLoading) return;
  isFlushAsked = true;
  // A hidden tab gets no animation frames; its first load must not wait for somebody to look.
  if (document.hidden && isReloadNeeded) setTimeout(flush, 0);
  else requestAnimationFrame(flush);
}

function flush() {
  isFlushAsked = false;
  if (isReloadNeeded) { reload(); return; }
  const messages = buffer;
  buffer = [];
  for (const message of messages) apply[message.event]?.(message.data);
  render();
}

async function reload() {
  isReloadNeeded = false;
  isLoading = true;
  try {
    const [laps, sessions, rigs] = await Promise.all([
      get(`/api/v1/laps?sort=-official_at&limit=${LAPS_SHOWN}`),
      get(`/api/v1/sessions?sort=-opened_at&limit=${SESSIONS_SHOWN}`),
      get("/api/v1/rigs?limit=1000"),
    ]);
    known.laps.clear();
    known.sessions.clear();
    for (const session of sessions.items) known.sessions.set(session.id, session);
    for (const lap of laps.items.reverse()) takeLap(lap);
    takeRigs(rigs.items);
    await Promise.all([...known.sessions.keys(), ...missingSessions()].map(loadSession));
    connection.settled();
  } catch {
    connection.restart();
  } finally {
    isLoading = false;
  }
  render();
  if (isReloadNeeded || buffer.length) askFlush();
}

// ---------------------------------------------------------------- what happened

const apply = {
  lap_official(lap) {
    const session = known.sessions.get(lap.session_id);
    if (session && lap.revision === FIRST_REVISION && !known.laps.has(lap.id)) session.lap_count += 1;
    takeLap(lap, true);
    if (!session) askSession(lap.session_id);
  },
  session_changed(session) {
    known.sessions.set(session.id, { ...known.sessions.get(session.id), ...session });
  },
  participants_changed(data) {
    known.cars.set(data.session_id, data.participants.length);
  },
  session_classified(data) {
    const row = rows.sessions.get(data.session_id);
    if (row?.open) showResult(row, data.session_id);
  },
  rig_seen() { loadRigs(); },
};

const FIRST_REVISION = 1;

function takeLap(lap, isFresh = false) {
  const before = known.laps.get(lap.id);
  if (before && before.revision > lap.revision) return;
  known.laps.set(lap.id, { ...lap, order: before?.order ?? ++arrivals, isFresh });
  if (known.laps.size > LAPS_SHOWN * 2) known.laps = new Map(newestLaps().map((kept) => [kept.id, kept]));
}

function newestLaps() {
  const laps = [...known.laps.values()];
  laps.sort((a, b) => (a.official_at === b.official_at ? b.order - a.order : a.official_at < b.official_at ? 1 : -1));
  return laps.slice(0, LAPS_SHOWN);
}

function missingSessions() {
  const wanted = new Set(newestLaps().map((lap) => lap.session_id));
  return [...wanted].filter((id) => !known.sessions.has(id));
}

const asked = new Set();

function askSession(id) {
  if (asked.has(id)) return;
  asked.add(id);
  // Without an answer the circuit stays a dash; the next lap of the session asks again.
  loadSession(id).then(render, () => {}).finally(() => asked.delete(id));
}

async function loadSession(id) {
  const { participants, ...session } = await get(`/api/v1/sessions/${encodeURIComponent(id)}`);
  known.sessions.set(id, session);
  known.cars.set(id, participants.length);
}

// ---------------------------------------------------------------- rigs

async function loadRigs() {
  if (document.hidden) return;
  try {
    takeRigs((await get("/api/v1/rigs?limit=1000")).items);
    renderRigs();
  } catch {
    // The socket notices that the server is away, and says so.
  }
}

function takeRigs(rigs) {
  const now = performance.now();
  for (const rig of rigs) {
    const before = packetRates.get(rig.rig);
    const seconds = before ? (now - before.at) / 1000 : 0;
    const rate = seconds > 0.5 && rig.datagrams >= before.datagrams ? (rig.datagrams - before.datagrams) / seconds : null;
    if (!before || seconds > 0.5) packetRates.set(rig.rig, { at: now, datagrams: rig.datagrams, rate });
  }
  known.rigs = new Map(rigs.map((rig) => [rig.rig, rig]));
}

function renderRigs() {
  const rigs = [...known.rigs.values()].sort((a, b) => (a.rig < b.rig ? -1 : 1));
  reconcile(byId("rigs"), rows.rigs, rigs, (rig) => rig.rig, newRig, fillRig);
  byId("rigs-empty").hidden = rigs.length > 0;
}

function newRig() {
  return element("li", {}, element("span", { className: "name" }), element("span", { className: "state" }),
    element("span", { className: "facts" }));
}

function fillRig(card, rig) {
  card.dataset.live = String(rig.is_live);
  setText(card.querySelector(".name"), rig.rig);
  setText(card.querySelector(".state"), rig.is_live ? "● Live" : `○ ${lastSeen(rig)}`);
  const rate = packetRates.get(rig.rig)?.rate;
  const facts = [rig.packet_format ? `F1 ${rig.packet_format} format` : "format not known yet"];
  if (rig.is_live && rate !== null && rate !== undefined) facts.push(`${Math.round(rate)} packets/s`);
  setText(card.querySelector(".facts"), facts.join(" · "));
}

function lastSeen(rig) {
  return rig.last_received_at ? `Last seen ${ago(Date.parse(rig.last_received_at), Date.now())}` : "Not seen since the start";
}

// ---------------------------------------------------------------- laps

const LAP_CELLS = ["time", "driver", "circuit", "number", "sector", "sector", "sector", "compound", "notes"];

function renderLaps() {
  const laps = newestLaps();
  reconcile(byId("laps").tBodies[0], rows.laps, laps, (lap) => lap.id, newLapRow, fillLapRow);
  byId("laps").hidden = laps.length === 0;
  byId("laps-empty").hidden = laps.length > 0;
  setText(byId("laps-empty"), "No laps yet. A lap appears here as soon as somebody crosses the line.");
}

function newLapRow() {
  // The roles stay when a narrow screen turns rows into cards.
  const row = element("tr", { role: "row" }, ...LAP_CELLS.map((className) => element("td", { className, role: "cell" })));
  row.cells[1].append(...["who", "place", "splits"].map((className) => element("span", { className })));
  return row;
}

function fillLapRow(row, lap) {
  const circuit = known.sessions.get(lap.session_id)?.track ?? DASH;
  const sectors = [lap.sector1_ms, lap.sector2_ms, lap.sector3_ms].map(lapTime);
  row.dataset.counts = String(lap.state === "completed" && lap.is_valid !== false);
  setText(row.cells[0], lapTime(lap.lap_time_ms));
  const [who, place, splits] = row.cells[1].children;
  setText(who, lap.driver ?? lap.participant ?? `Car ${lap.car_index}`);
  setText(place, circuit === DASH ? "" : circuit);
  setText(splits, sectors.every((text) => text === DASH) ? "" : sectors.join(" "));
  setText(row.cells[2], circuit);
  setText(row.cells[3], String(lap.lap_number));
  sectors.forEach((text, index) => setText(row.cells[4 + index], text));
  setText(row.cells[7], capital(words(lap.compound)));
  fillNotes(row.cells[8], lapNotes(lap));
  if (lap.isFresh && lap.shown !== true) { row.classList.remove("fresh"); void row.offsetWidth; row.classList.add("fresh"); }
  lap.shown = true;
}

function fillNotes(cell, notes) {
  const text = notes.map((note) => note.text).join("\n");
  if (cell.dataset.text === text) return;
  cell.dataset.text = text;
  cell.replaceChildren(...notes.map((note) => {
    const line = element("span", { className: note.invalid ? "invalid" : "note" });
    line.textContent = note.text;
    return line;
  }));
}

// ---------------------------------------------------------------- sessions

function renderSessions() {
  const sessions = [...known.sessions.values()]
    .sort((a, b) => (a.opened_at < b.opened_at ? 1 : -1))
    .slice(0, SESSIONS_SHOWN);
  reconcile(byId("sessions"), rows.sessions, sessions, (session) => session.id, newSession, fillSession);
  byId("sessions-empty").hidden = sessions.length > 0;
  setText(byId("sessions-empty"), "No sessions yet. Start one in the game and it appears here.");
}

function newSession(session) {
  const more = element("details", {},
    element("summary", {}, element("span", { className: "title" }), element("span", { className: "facts" }),
      element("span", { className: "rig" })),
    element("div", { className: "result" }));
  more.addEventListener("toggle", () => { if (more.open) showResult(row, session.id); });
  const row = element("li", {}, more);
  Object.defineProperty(row, "open", { get: () => more.open });
  return row;
}

function fillSession(row, session) {
  const title = [session.track ?? "Unknown circuit", ...(session.session_type ? [capital(words(session.session_type))] : [])];
  setText(row.querySelector(".title"), title.join(" – "));
  setText(row.querySelector(".rig"), session.rig);
  const cars = known.cars.get(session.id);
  setText(row.querySelector(".facts"), [
    ...(cars === undefined ? [] : [count(cars, "participant", "participants")]),
    count(session.lap_count ?? 0, "lap", "laps"),
    session.is_ended ? "ended" : "running",
  ].join(" · "));
}

async function showResult(row, id) {
  const place = row.querySelector(".result");
  const answer = await fetch(`/api/v1/sessions/${encodeURIComponent(id)}/classification`, { cache: "no-store" })
    .catch(() => null);
  if (answer?.ok) place.replaceChildren(resultTable((await answer.json()).items));
  else {
    const line = element("p");
    line.textContent = answer?.status === 404
      ? "No classification yet: the game sends it when the session is over."
      : "The classification could not be loaded. Close and open this line to try again.";
    place.replaceChildren(line);
  }
}

function resultTable(entries) {
  const table = element("table", {}, element("thead", {}, element("tr")), element("tbody"));
  for (const [title, className] of [["Pos", ""], ["Driver", ""], ["Laps", "figure"], ["Best", "figure"]]) {
    const cell = element("th", { className, scope: "col" });
    cell.textContent = title;
    table.tHead.rows[0].append(cell);
  }
  for (const entry of entries) {
    const texts = [String(entry.position), entry.name ?? `Car ${entry.car_index}`, String(entry.laps), lapTime(entry.best_lap_ms)];
    const row = element("tr");
    texts.forEach((text, index) => {
      const cell = element("td", { className: index > 1 ? "figure" : "" });
      cell.textContent = text;
      row.append(cell);
    });
    table.tBodies[0].append(row);
  }
  return table;
}

// ---------------------------------------------------------------- the page itself

function render() {
  renderRigs();
  renderSessions();
  renderLaps();
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

// Rows are keyed by id: those that stay keep their node, so that focus and open lines survive an update.
function reconcile(parent, kept, items, idOf, make, fill) {
  const wanted = new Set(items.map(idOf));
  for (const [id, node] of kept) if (!wanted.has(id)) { node.remove(); kept.delete(id); }
  items.forEach((item, index) => {
    const id = idOf(item);
    if (!kept.has(id)) kept.set(id, make(item));
    const node = kept.get(id);
    if (parent.children[index] !== node) parent.insertBefore(node, parent.children[index] ?? null);
    fill(node, item);
  });
}

const isLoopback = /^(localhost|127\.|\[::1\])/.test(location.hostname);
setText(byId("own-address"), isLoopback ? "" : ` (${location.hostname})`);
setInterval(loadRigs, RIGS_EVERY_MS);
