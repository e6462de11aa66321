/**
 * The connection of a page to `/ws`: it subscribes to views, resumes them after a reconnect, and reconnects for ever.
 *
 * Messages are buffered and applied once per animation frame. What they mean is in protocol.ts; live.svelte.ts makes
 * Svelte state of them.
 */
import { Delayed } from "./delayed";
import { apply, resumePoint, serverTime, type Message, type ResumePoint, type View } from "./protocol";

/** `connecting`: no message yet. `stale`: open but silent. `restarting`: the server announced its restart. */
export type ConnectionState = "connecting" | "live" | "stale" | "offline" | "restarting";

export interface Status {
  readonly state: ConnectionState;
  /** When the newest message arrived, by the browser's clock; null before the first one. */
  readonly heardAt: number | null;
  /** Failed attempts to connect since then. */
  readonly attempt: number;
}

export interface Event {
  readonly name: string;
  readonly data: unknown;
}

/** Receives what arrives; views and events once per animation frame, the rest at once. */
export interface Listener {
  status(status: Status): void;
  /** `renewed` are views that began with a snapshot: read over HTTP again what depends on them. */
  views(changed: ReadonlyMap<string, View>, renewed: ReadonlySet<string>): void;
  events(events: readonly Event[]): void;
  /** Connected; `build` identifies the pages that the server has now. */
  hello(build: string): void;
  /** A command to this screen, such as `reload`. */
  command(command: string): void;
  /** Why the server can store nothing, such as `full` for its disk; null while it can. */
  storage(trouble: string | null): void;
  /** A binary message, such as the positions on a map; its reader has its own buffer. */
  binary?(data: ArrayBuffer): void;
}

/** How this screen identifies itself to the server, for the list of screens on the admin page. */
export interface Screen {
  readonly page: string;
  readonly code: string;
  readonly name?: string;
  /** The scene that it shows. */
  readonly scene?: string;
}

/** The view that is never delayed, because the delay itself is in it. */
export const UNDELAYED_VIEW = "screens";

// The server sends a heartbeat every 2 s.
export const STALE_MS = 3_000;
export const DEAD_MS = 6_000;
export const SILENCE_CHECK_MS = 250;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
// A hidden tab gets no animation frames and uses a timer. If even that is too slow, it requests new snapshots.
const HIDDEN_FLUSH_MS = 250;
const LARGEST_BUFFER = 5_000;
const CLOCK_SAMPLES = 10;
const SNAPSHOT_PAUSE_MS = 1_000;
// The close code "service restart".
const RESTARTING = 1012;

export class Connection {
  readonly #url: string;
  readonly #listener: Listener;
  readonly #views = new Map<string, View | null>();
  readonly #clockOffsets: number[] = [];
  #screen: Screen | undefined;
  readonly #late = new Delayed<Message | ArrayBuffer>(
    (message) => this.#handleDue(message),
    () => this.#requestSnapshots(this.#views.keys()),
  );
  #socket: WebSocket | null = null;
  #buffer: Message[] = [];
  #isFlushDue = false;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #silenceTimer: ReturnType<typeof setInterval> | undefined;
  #status: Status = { state: "connecting", heardAt: null, attempt: 0 };
  #heardAt = 0;
  #epoch: string | undefined;
  #snapshotsRequestedAt = -Infinity;

  constructor(url: string, listener: Listener, screen?: Screen) {
    this.#url = url;
    this.#screen = screen;
    this.#listener = listener;
  }

  /** Connect, and reconnect until {@link close}. */
  open(): void {
    this.#silenceTimer ??= setInterval(() => this.#checkSilence(), SILENCE_CHECK_MS);
    this.#connect();
  }

  close(): void {
    clearInterval(this.#silenceTimer);
    this.#silenceTimer = undefined;
    this.#disconnect();
  }

  /** Subscribe to further views. */
  subscribe(...names: string[]): void {
    const before = this.#views.size;
    for (const name of names) if (!this.#views.has(name)) this.#views.set(name, null);
    if (this.#views.size !== before) this.#sendSubscription();
  }

  unsubscribe(...names: string[]): void {
    for (const name of names) this.#views.delete(name);
    this.#sendSubscription();
  }

  /** End the pause before the next attempt: the user looks at the page again, or the network is back. */
  reconnectNow(): void {
    if (this.#socket === null && this.#silenceTimer !== undefined) this.#connect();
  }

  /** Give up the connection: the browser reports that the network is gone. A server on this machine still answers. */
  handleNetworkLost(): void {
    if (this.#socket !== null) this.#handleClose(0);
  }

  /** Report what this screen shows now. */
  report(scene: string): void {
    if (this.#screen === undefined || this.#screen.scene === scene) return;
    this.#screen = { ...this.#screen, scene };
    this.#sendSubscription();
  }

  /** Show everything so late, except the view {@link UNDELAYED_VIEW} and commands. */
  delay(delayMs: number): void {
    this.#late.delayMs = delayMs;
  }

  /** The server's clock, from the median difference to the times in its newest messages; less the delay. */
  serverNow(): number {
    const sorted = [...this.#clockOffsets].sort((a, b) => a - b);
    return Date.now() + (sorted[Math.floor(sorted.length / 2)] ?? 0) - this.#late.delayMs;
  }

  // ------------------------------------------------------------------ the socket

  #connect(): void {
    this.#disconnect();
    const socket = new WebSocket(this.#url);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.#handleOpen();
    socket.onmessage = (event: MessageEvent<string | ArrayBuffer>) => this.#handleData(event.data);
    socket.onclose = (event) => this.#handleClose(event.code);
    this.#socket = socket;
    this.#heardAt = Date.now();
  }

  #handleOpen(): void {
    this.#heardAt = Date.now();
    this.#sendSubscription();
  }

  #handleClose(code: number): void {
    this.#disconnect();
    const attempt = this.#status.attempt + 1;
    const isAnnounced = code === RESTARTING || (this.#status.state === "restarting" && attempt <= 5);
    this.#setStatus({ ...this.#status, state: isAnnounced ? "restarting" : "offline", attempt });
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(attempt - 1, 10));
    // Jitter, so that many screens do not all reconnect at the same moment.
    this.#retryTimer = setTimeout(() => this.#connect(), pause * (0.5 + Math.random() / 2));
  }

  /** Treat a long silence as a closed connection: a browser may take minutes to notice that the other end is gone. */
  #checkSilence(): void {
    if (this.#socket === null) return;
    const silence = Date.now() - this.#heardAt;
    if (silence >= DEAD_MS) this.#handleClose(0);
    else if (silence >= STALE_MS && this.#status.state === "live")
      this.#setStatus({ ...this.#status, state: "stale" });
  }

  #disconnect(): void {
    clearTimeout(this.#retryTimer);
    const socket = this.#socket;
    this.#socket = null;
    this.#buffer = [];
    this.#late.clear();
    if (socket === null) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #sendSubscription(): void {
    if (this.#socket?.readyState !== WebSocket.OPEN || this.#views.size === 0) return;
    const resume: Record<string, ResumePoint> = {};
    for (const [name, view] of this.#views) {
      const point = resumePoint(view);
      if (point) resume[name] = point;
    }
    const subscribe = [...this.#views.keys()];
    this.#socket.send(JSON.stringify({ subscribe, resume, screen: this.#screen }));
  }

  // ------------------------------------------------------------------ the messages

  #handleData(data: string | ArrayBuffer): void {
    this.#setHeard();
    if (typeof data !== "string") {
      this.#late.add(data);
      return;
    }
    const message = JSON.parse(data) as Message;
    const time = serverTime(message);
    if (time !== null) this.#addClockOffset(time - Date.now());
    if (message.error) console.warn(`${message.error.title}: ${message.error.detail}`);
    else if (message.hello) this.#handleHello(message.hello);
    else if (message.command) this.#listener.command(message.command);
    else if (message.storage) this.#listener.storage(message.storage.trouble);
    else if (message.view === UNDELAYED_VIEW) this.#handleDue(message);
    else this.#late.add(message);
  }

  #handleDue(message: Message | ArrayBuffer): void {
    if (message instanceof ArrayBuffer) this.#listener.binary?.(message);
    // A view of rows has its own epoch; the view of events uses that of the server's run.
    else this.#addToBuffer(message.snapshot ? { epoch: this.#epoch, ...message } : message);
  }

  #handleHello(hello: NonNullable<Message["hello"]>): void {
    this.#epoch = hello.epoch;
    this.#listener.hello(hello.build);
    // If it is otherwise, the next message says so.
    this.#listener.storage(null);
  }

  #setHeard(): void {
    this.#heardAt = Date.now();
    if (this.#status.state !== "live" || this.#heardAt - (this.#status.heardAt ?? 0) >= 1_000) {
      this.#setStatus({ state: "live", heardAt: this.#heardAt, attempt: 0 });
    }
  }

  #addClockOffset(offset: number): void {
    this.#clockOffsets.push(offset);
    if (this.#clockOffsets.length > CLOCK_SAMPLES) this.#clockOffsets.shift();
  }

  #addToBuffer(message: Message): void {
    this.#buffer.push(message);
    if (this.#buffer.length > LARGEST_BUFFER) {
      this.#buffer = [];
      this.#requestSnapshots(this.#views.keys());
    } else if (!this.#isFlushDue) {
      this.#isFlushDue = true;
      if (globalThis.document?.hidden ?? true) setTimeout(() => this.#flush(), HIDDEN_FLUSH_MS);
      else requestAnimationFrame(() => this.#flush());
    }
  }

  #flush(): void {
    this.#isFlushDue = false;
    const messages = this.#buffer;
    this.#buffer = [];
    const changed = new Map<string, View>();
    const missing = new Set<string>();
    const renewed = new Set<string>();
    const events: Event[] = [];
    for (const message of messages) {
      const name = message.view ?? "";
      if (!this.#views.has(name)) continue;
      const { view, outcome } = apply(this.#views.get(name) ?? null, message);
      if (outcome === "gap") missing.add(name);
      else if (message.snapshot) {
        missing.delete(name);
        renewed.add(name);
      }
      if (outcome !== "changed" || view === null) continue;
      this.#views.set(name, view);
      changed.set(name, view);
      if (message.event !== undefined) events.push({ name: message.event, data: message.data });
    }
    if (changed.size) this.#listener.views(changed, renewed);
    if (events.length) this.#listener.events(events);
    if (missing.size) this.#requestSnapshots(missing);
  }

  /** Request new snapshots, once a second at most, because the answer may be on its way. */
  #requestSnapshots(names: Iterable<string>): void {
    if (Date.now() - this.#snapshotsRequestedAt < SNAPSHOT_PAUSE_MS) return;
    this.#snapshotsRequestedAt = Date.now();
    // The page shows the old rows until the snapshot arrives; without an epoch the server sends one.
    for (const name of names) {
      const view = this.#views.get(name);
      if (view) this.#views.set(name, { ...view, epoch: null });
    }
    this.#sendSubscription();
  }

  #setStatus(status: Status): void {
    this.#status = status;
    this.#listener.status(status);
  }
}
