/**
 * The page's connection as Svelte state: `live.status`, and a view for each `live.follow("board")`.
 *
 * What changes is replaced, never mutated (`$state.raw`): rows that stayed are the same objects.
 */
import { enter } from "./access";
import { displayToken } from "./preferences";
import { Line, type Event, type Screen, type Status } from "./socket";
import type { Facts, Row, View } from "./views";

/** A view that a page follows; `current` is null until its first snapshot. */
export class Followed<R extends Row = Row, F extends Facts = Facts> {
  current = $state.raw<View<R, F> | null>(null);

  /** Its rows, in the order of the snapshot; none before that. */
  get rows(): R[] {
    return this.current ? [...this.current.rows.values()] : [];
  }
}

type OnEvent = (event: Event) => void;
type OnCommand = (command: string) => void;
type OnFrame = (data: ArrayBuffer) => void;

class Live {
  /** This screen's name for whoever looks after all of them. */
  readonly screen = screenOfThisTab();
  status = $state.raw<Status>({ state: "connecting", heardAt: null, attempt: 0 });
  readonly #followed = new Map<string, Followed>();
  readonly #onEvent = new Set<OnEvent>();
  readonly #onRenewed = new Set<() => void>();
  readonly #onFrame = new Set<OnFrame>();
  readonly #onCommand = new Set<OnCommand>();
  readonly #line = new Line(
    `${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}/ws${tokenQuery()}`,
    {
      status: (status) => this.#say(status),
      views: (changed, renewed) => this.#show(changed, renewed),
      events: (events) => events.forEach((event) => this.#onEvent.forEach((told) => told(event))),
      hello: reloadIfNewer,
      command: (command) => this.#obey(command),
      binary: (data) => this.#onFrame.forEach((told) => told(data)),
    },
    this.screen,
  );

  constructor() {
    addEventListener("online", () => this.#line.hurry());
    document.addEventListener("visibilitychange", () => document.hidden || this.#line.hurry());
    // After the page's own script, so that all that it follows goes out in one subscription.
    queueMicrotask(() => this.#line.open());
  }

  /** Follow a view; the same name gives the same object. */
  follow<R extends Row, F extends Facts = Facts>(name: string): Followed<R, F> {
    let followed = this.#followed.get(name);
    if (!followed) {
      followed = new Followed();
      this.#followed.set(name, followed);
      this.#line.follow(name);
    }
    return followed as unknown as Followed<R, F>;
  }

  /** Follow a view no longer. */
  leave(name: string): void {
    this.#followed.delete(name);
    this.#line.leave(name);
  }

  /**
   * Hear what was committed (the view `events`), and `renewed` whenever something may have been missed: at the start,
   * after a reconnect, when this screen was too slow. Read over HTTP then. Gives back how to stop.
   */
  onEvents(event: OnEvent, renewed: () => void): () => void {
    this.follow("events");
    this.#onRenewed.add(renewed);
    this.#onEvent.add(event);
    return () => {
      this.#onRenewed.delete(renewed);
      this.#onEvent.delete(event);
    };
  }

  /** Hear binary messages, such as the frames of a map. */
  onFrame(frame: OnFrame): () => void {
    this.#onFrame.add(frame);
    return () => this.#onFrame.delete(frame);
  }

  /** Hear what the admin page asks of this screen; `reload` is done already. */
  onCommand(command: OnCommand): () => void {
    this.#onCommand.add(command);
    return () => this.#onCommand.delete(command);
  }

  /** The server's clock, in milliseconds since 1970. */
  serverNow(): number {
    return this.#line.serverNow();
  }

  #say(status: Status): void {
    this.status = status;
    // A refused connection looks like a dead one: ask whether looking needs a name now.
    if (status.state === "offline" && status.attempt % 3 === 1) enter().catch(() => undefined);
  }

  #obey(command: string): void {
    if (command === "reload") location.reload();
    else this.#onCommand.forEach((told) => told(command));
  }

  #show(changed: ReadonlyMap<string, View>, renewed: ReadonlySet<string>): void {
    for (const [name, view] of changed) {
      const followed = this.#followed.get(name);
      if (followed) followed.current = view;
    }
    if (renewed.has("events")) this.#onRenewed.forEach((told) => told());
  }
}

/** The server may have been updated while it was away: then its pages are newer than this one. */
function reloadIfNewer(build: string): void {
  // Once for each build only: a proxy that serves an old page for ever must not make the screen blink for ever.
  if (!build || build === __BUILD__ || remembered("sessionStorage", "reloaded-for") === build) return;
  remember("sessionStorage", "reloaded-for", build);
  location.reload();
}

/** What the admin page calls this screen: the address's `?name=`, and four letters that stay with the browser. */
function screenOfThisTab(): Screen {
  const name = new URLSearchParams(location.search).get("name")?.slice(0, 80);
  // Whoever looks after the screens sees their addresses, which must not tell the codes in them.
  const search = location.search.replace(/([?&]token=)[^&]*/g, "$1…");
  const code = remembered("localStorage", "screen") ?? fourLetters();
  remember("localStorage", "screen", code);
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

// A browser may refuse to remember anything: then a screen has new letters after each start.
type Memory = "localStorage" | "sessionStorage";

function remembered(storage: Memory, key: string): string | null {
  try {
    return window[storage].getItem(key);
  } catch {
    return null;
  }
}

function remember(storage: Memory, key: string, value: string): void {
  try {
    window[storage].setItem(key, value);
  } catch {
    // As above.
  }
}

export const live = new Live();
