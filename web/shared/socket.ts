/**
 * The one connection of a page to `/ws`: subscribes, resumes, and comes back for ever.
 *
 * The handler only writes to a buffer; one flush an animation frame applies it and tells the page what changed. What
 * the messages mean is in views.ts; what Svelte makes of it in live.svelte.ts.
 */
import { apply, resumePoint, serverTime, type Message, type ResumePoint, type View } from "./views";

/** `connecting`: never heard yet. `stale`: open but silent. `restarting`: the server said that it comes back. */
export type LineState = "connecting" | "live" | "stale" | "offline" | "restarting";

export interface Status {
  readonly state: LineState;
  /** When the server was last heard, by our clock; null if never. */
  readonly heardAt: number | null;
  /** Failed attempts since then. */
  readonly attempt: number;
}

export interface Event {
  readonly name: string;
  readonly data: unknown;
}

/** What the page is told; all but `status` come once an animation frame. */
export interface Listener {
  status(status: Status): void;
  /** `renewed` are those that began anew with a snapshot: what was read beside them is to be read again. */
  views(changed: ReadonlyMap<string, View>, renewed: ReadonlySet<string>): void;
  events(events: readonly Event[]): void;
  /** Connected: `build` is of the pages that the server has now. */
  hello(build: string): void;
  /** The server asks this screen to do something, such as `reload`. */
  command(command: string): void;
  /** A binary message, such as the frames of a map: at once, since their reader has a buffer of its own. */
  binary?(data: ArrayBuffer): void;
}

// The server gives a sign of life every 2 s.
export const STALE_MS = 5_000;
export const DEAD_MS = 10_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
// A hidden tab gets no animation frames: it flushes by a timer instead, and starts anew if even that is too slow.
const HIDDEN_FLUSH_MS = 250;
const LARGEST_BUFFER = 5_000;
const CLOCK_SAMPLES = 10;
const RESTARTING = 1012;

/** What a screen says of itself, for whoever looks after all of them. */
export interface Screen {
  readonly page: string;
  readonly code: string;
  readonly name?: string;
}

export class Line {
  readonly #url: string;
  readonly #listener: Listener;
  readonly #views = new Map<string, View | null>();
  readonly #offsets: number[] = [];
  readonly #screen: Screen | undefined;
  #socket: WebSocket | null = null;
  #buffer: Message[] = [];
  #isFlushAsked = false;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #watch: ReturnType<typeof setInterval> | undefined;
  #status: Status = { state: "connecting", heardAt: null, attempt: 0 };
  #heardAt = 0;
  #epoch: string | undefined;
  #askedAt = -Infinity;

  constructor(url: string, listener: Listener, screen?: Screen) {
    this.#url = url;
    this.#screen = screen;
    this.#listener = listener;
  }

  /** Connect, and stay so until {@link close}. */
  open(): void {
    this.#watch ??= setInterval(() => this.#look(), 500);
    this.#connect();
  }

  close(): void {
    clearInterval(this.#watch);
    this.#watch = undefined;
    this.#letGo();
  }

  /** Follow these views as well. */
  follow(...names: string[]): void {
    const before = this.#views.size;
    for (const name of names) if (!this.#views.has(name)) this.#views.set(name, null);
    if (this.#views.size !== before) this.#subscribe();
  }

  /** Follow these no longer. */
  leave(...names: string[]): void {
    for (const name of names) this.#views.delete(name);
    this.#subscribe();
  }

  /** Try now instead of after the pause: somebody looks at the page, or the network is back. */
  hurry(): void {
    if (this.#socket === null && this.#watch !== undefined) this.#connect();
  }

  /** The server's clock, by the median of what its last messages said. */
  serverNow(): number {
    const sorted = [...this.#offsets].sort((a, b) => a - b);
    return Date.now() + (sorted[Math.floor(sorted.length / 2)] ?? 0);
  }

  // ------------------------------------------------------------------ the connection

  #connect(): void {
    this.#letGo();
    const socket = new WebSocket(this.#url);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.#opened();
    socket.onmessage = (event: MessageEvent<string | ArrayBuffer>) => this.#take(event.data);
    socket.onclose = (event) => this.#lost(event.code);
    this.#socket = socket;
    this.#heardAt = Date.now();
  }

  #opened(): void {
    this.#heardAt = Date.now();
    this.#subscribe();
  }

  #lost(code: number): void {
    this.#letGo();
    const attempt = this.#status.attempt + 1;
    const isAnnounced = code === RESTARTING || (this.#status.state === "restarting" && attempt <= 5);
    this.#say({ ...this.#status, state: isAnnounced ? "restarting" : "offline", attempt });
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(attempt - 1, 10));
    // Jitter: a room full of screens does not come back in the same instant.
    this.#retry = setTimeout(() => this.#connect(), pause * (0.5 + Math.random() / 2));
  }

  /** A connection whose other end vanished may take minutes to say so: silence counts as its end. */
  #look(): void {
    if (this.#socket === null) return;
    const silent = Date.now() - this.#heardAt;
    if (silent >= DEAD_MS) this.#lost(0);
    else if (silent >= STALE_MS && this.#status.state === "live")
      this.#say({ ...this.#status, state: "stale" });
  }

  #letGo(): void {
    clearTimeout(this.#retry);
    const socket = this.#socket;
    this.#socket = null;
    this.#buffer = [];
    if (socket === null) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #subscribe(): void {
    if (this.#socket?.readyState !== WebSocket.OPEN || this.#views.size === 0) return;
    const points = [...this.#views].map(([name, view]) => [name, resumePoint(view)] as const);
    const resume: Record<string, ResumePoint> = {};
    for (const [name, point] of points) if (point) resume[name] = point;
    const subscribe = [...this.#views.keys()];
    this.#socket.send(JSON.stringify({ subscribe, resume, screen: this.#screen }));
  }

  // ------------------------------------------------------------------ the messages

  #take(data: string | ArrayBuffer): void {
    this.#heard();
    if (typeof data !== "string") {
      this.#listener.binary?.(data);
      return;
    }
    const message = JSON.parse(data) as Message;
    const time = serverTime(message);
    if (time !== null) this.#sample(time - Date.now());
    if (message.error) console.warn(`${message.error.title}: ${message.error.detail}`);
    else if (message.hello) this.#greet(message.hello);
    else if (message.command) this.#listener.command(message.command);
    // The numbers of events count within the server's run, those of rows within an epoch of their own.
    else this.#keep(message.snapshot ? { epoch: this.#epoch, ...message } : message);
  }

  #greet(hello: NonNullable<Message["hello"]>): void {
    this.#epoch = hello.epoch;
    this.#listener.hello(hello.build);
  }

  #heard(): void {
    this.#heardAt = Date.now();
    if (this.#status.state !== "live" || this.#heardAt - (this.#status.heardAt ?? 0) >= 1_000) {
      this.#say({ state: "live", heardAt: this.#heardAt, attempt: 0 });
    }
  }

  #sample(offset: number): void {
    this.#offsets.push(offset);
    if (this.#offsets.length > CLOCK_SAMPLES) this.#offsets.shift();
  }

  #keep(message: Message): void {
    this.#buffer.push(message);
    if (this.#buffer.length > LARGEST_BUFFER) {
      this.#buffer = [];
      this.#askAnew(this.#views.keys());
    } else if (!this.#isFlushAsked) {
      this.#isFlushAsked = true;
      if (globalThis.document?.hidden ?? true) setTimeout(() => this.#flush(), HIDDEN_FLUSH_MS);
      else requestAnimationFrame(() => this.#flush());
    }
  }

  #flush(): void {
    this.#isFlushAsked = false;
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
    if (missing.size) this.#askAnew(missing);
  }

  /** Ask for new snapshots, once a second at most: the answer is on its way. */
  #askAnew(names: Iterable<string>): void {
    if (Date.now() - this.#askedAt < 1_000) return;
    this.#askedAt = Date.now();
    // What is shown stays until the snapshot is there; without an epoch it cannot be resumed.
    for (const name of names) {
      const view = this.#views.get(name);
      if (view) this.#views.set(name, { ...view, epoch: null });
    }
    this.#subscribe();
  }

  #say(status: Status): void {
    this.#status = status;
    this.#listener.status(status);
  }
}
