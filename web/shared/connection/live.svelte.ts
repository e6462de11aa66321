/**
 * The page's connection as Svelte state: `live.status`, and a view for each `live.subscribe("board")`.
 *
 * State is replaced, never changed in place (`$state.raw`): unchanged rows stay the same objects.
 */
import { onDestroy } from "svelte";
import { enter } from "../access";
import { displayToken } from "../preferences";
import type { Facts, Row, View } from "./protocol";
import { Connection, type Event, type Screen, type Status } from "./socket";

/** A view that the page subscribed to. */
export class LiveView<R extends Row = Row, F extends Facts = Facts> {
  /** Null until the first snapshot. */
  current = $state.raw<View<R, F> | null>(null);

  /** The rows in the order of the snapshot; none before it. */
  get rows(): R[] {
    return this.current ? [...this.current.rows.values()] : [];
  }
}

type OnEvent = (event: Event) => void;
type OnCommand = (command: string) => void;
type OnBinary = (data: ArrayBuffer) => void;

class Live {
  /** How the admin page lists this screen. */
  readonly screen = thisScreen();
  status = $state.raw<Status>({ state: "connecting", heardAt: null, attempt: 0 });
  /** Why the server can store nothing; null while it can. */
  storageTrouble = $state.raw<string | null>(null);
  readonly #views = new Map<string, LiveView>();
  readonly #followers = new Map<string, number>();
  readonly #onEvent = new Set<OnEvent>();
  readonly #onRenewed = new Set<() => void>();
  readonly #onBinary = new Set<OnBinary>();
  readonly #onCommand = new Set<OnCommand>();
  readonly #connection = new Connection(
    // ws: for http:, and wss: for https:
    `${location.origin.replace("http", "ws")}/ws${tokenQuery()}`,
    {
      status: (status) => this.#handleStatus(status),
      views: (changed, renewed) => this.#handleViews(changed, renewed),
      events: (events) => events.forEach((event) => this.#onEvent.forEach((listener) => listener(event))),
      hello: reloadIfNewer,
      command: (command) => this.#handleCommand(command),
      storage: (trouble) => (this.storageTrouble = trouble),
      binary: (data) => this.#onBinary.forEach((listener) => listener(data)),
    },
    this.screen,
  );

  constructor() {
    addEventListener("online", () => this.#connection.reconnectNow());
    addEventListener("offline", () => this.#connection.handleNetworkLost());
    document.addEventListener("visibilitychange", () => document.hidden || this.#connection.reconnectNow());
    // After the page's own script, so that one message subscribes to all its views.
    queueMicrotask(() => this.#connection.open());
  }

  /** Subscribe to a view; the same name gives the same object. */
  subscribe<R extends Row, F extends Facts = Facts>(name: string): LiveView<R, F> {
    this.#followers.set(name, (this.#followers.get(name) ?? 0) + 1);
    let view = this.#views.get(name);
    if (!view) {
      view = new LiveView();
      this.#views.set(name, view);
      this.#connection.subscribe(name);
    }
    return view as unknown as LiveView<R, F>;
  }

  /** Undo one {@link subscribe}; the view is left if nothing subscribes to it again in the same moment. */
  unsubscribe(name: string): void {
    this.#followers.set(name, (this.#followers.get(name) ?? 0) - 1);
    setTimeout(() => {
      if (this.#followers.get(name) !== 0) return;
      this.#followers.delete(name);
      this.#views.delete(name);
      this.#connection.unsubscribe(name);
    });
  }

  /**
   * Listen to the events of the view `events`.
   *
   * @param renewed called when events may have been missed: at the start, after a reconnect, and when this screen was
   *   too slow. Read over HTTP then. Never called before this method returns.
   * @returns a function that stops listening.
   */
  onEvents(event: OnEvent, renewed: () => void): () => void {
    // A view that is already followed gets no snapshot again.
    if (this.subscribe("events").current) queueMicrotask(() => this.#onRenewed.has(renewed) && renewed());
    this.#onRenewed.add(renewed);
    this.#onEvent.add(event);
    return () => {
      this.#onRenewed.delete(renewed);
      this.#onEvent.delete(event);
    };
  }

  /** Listen to binary messages, such as the positions on a map; returns a function that stops listening. */
  onBinary(listener: OnBinary): () => void {
    this.#onBinary.add(listener);
    return () => this.#onBinary.delete(listener);
  }

  /** Listen to commands of the admin page, except `reload`; returns a function that stops listening. */
  onCommand(listener: OnCommand): () => void {
    this.#onCommand.add(listener);
    return () => this.#onCommand.delete(listener);
  }

  /** Report which scene this screen shows, for the list of screens on the admin page. */
  report(scene: string): void {
    this.#connection.report(scene);
  }

  /** Show everything so late, in milliseconds. */
  delay(delayMs: number): void {
    this.#connection.delay(delayMs);
  }

  /** The server's clock, in milliseconds since 1970; on a delayed screen, that of what it shows. */
  serverNow(): number {
    return this.#connection.serverNow();
  }

  #handleStatus(status: Status): void {
    this.status = status;
    // A browser reports a refused connection like a lost one: check whether the page now needs signing in.
    if (status.state === "offline" && status.attempt % 3 === 1) enter().catch(() => undefined);
  }

  #handleCommand(command: string): void {
    if (command === "reload") location.reload();
    else this.#onCommand.forEach((listener) => listener(command));
  }

  #handleViews(changed: ReadonlyMap<string, View>, renewed: ReadonlySet<string>): void {
    for (const [name, current] of changed) {
      const view = this.#views.get(name);
      if (view) view.current = current;
    }
    if (renewed.has("events")) this.#onRenewed.forEach((listener) => listener());
  }
}

/** Reload the page if the server has newer pages, because it was updated while the connection was lost. */
function reloadIfNewer(build: string): void {
  // Once per build: behind a proxy that keeps serving the old page, the screen must not reload for ever.
  if (!build || build === __BUILD__ || readStorage("sessionStorage", "reloaded-for") === build) return;
  writeStorage("sessionStorage", "reloaded-for", build);
  location.reload();
}

/** This screen: its address, `?name=` of the address, and four letters that the browser stores. */
function thisScreen(): Screen {
  const name = new URLSearchParams(location.search).get("name")?.slice(0, 80);
  // The admin page shows this address, so it must not contain the token.
  const search = location.search.replace(/([?&]token=)[^&]*/g, "$1…");
  const code = readStorage("localStorage", "screen") ?? fourLetters();
  writeStorage("localStorage", "screen", code);
  return { page: (location.pathname + search).slice(0, 200), code, ...(name ? { name } : {}) };
}

function tokenQuery(): string {
  const token = displayToken();
  return token ? `?token=${encodeURIComponent(token)}` : "";
}

function fourLetters(): string {
  const letters = "ABCDEFGHJKLMNPQRSTUVWXYZ";
  return [...crypto.getRandomValues(new Uint8Array(4))]
    .map((byte) => letters[byte % letters.length])
    .join("");
}

// A browser may refuse to store anything. Then the screen has new letters after each start.
type Storage = "localStorage" | "sessionStorage";

function readStorage(storage: Storage, key: string): string | null {
  try {
    return window[storage].getItem(key);
  } catch {
    return null;
  }
}

function writeStorage(storage: Storage, key: string, value: string): void {
  try {
    window[storage].setItem(key, value);
  } catch {
    // As above.
  }
}

export const live = new Live();

/** A view that a component follows until it is destroyed; call it while the component is created. */
export function follow<R extends Row, F extends Facts = Facts>(name: string): LiveView<R, F> {
  onDestroy(() => live.unsubscribe(name));
  return live.subscribe<R, F>(name);
}
