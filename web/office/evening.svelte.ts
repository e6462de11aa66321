/**
 * What the evening is made of, read over HTTP and kept up by what `/ws` announces; lists of laps are in laps.svelte.ts.
 *
 * What is read anew is read at most once a second, however much is announced.
 */
import type { Me } from "../shared/access";
import { may } from "../shared/access";
import { api, everything, ok, type Schemas } from "../shared/api";
import { live } from "../shared/live.svelte";
import { Resource } from "./resource.svelte";

export type Rig = Schemas["Rig"];
export type Driver = Schemas["Driver"];
export type Meeting = Schemas["Meeting"];
export type QueueEntry = Schemas["QueueEntry"];
export type Act = Schemas["Act"];
export type BoardRow = Schemas["BoardRow"];

const ALL = { limit: 1000 } as const;
const RIGS_EVERY_MS = 3_000;
const RARELY_MS = 15_000;
const NOWHERE = 1e9;

class Evening {
  /** Who uses the page; null until that is known. */
  me = $state.raw<Me | null>(null);
  readonly meeting = new Resource(() => ok(api.GET("/api/v1/meeting")));
  readonly rigs = new Resource(() =>
    ok(api.GET("/api/v1/rigs", { params: { query: ALL } })).then(({ items }) => items.sort(inTheRoom)),
  );
  readonly drivers = new Resource(() =>
    everything((cursor) =>
      ok(api.GET("/api/v1/drivers", { params: { query: { ...ALL, ...(cursor ? { cursor } : {}) } } })),
    ),
  );
  readonly queue = new Resource(() => ok(api.GET("/api/v1/queue")).then(({ items }) => items));
  readonly boards = new Resource(() => ok(api.GET("/api/v1/boards")).then(({ items }) => items));
  readonly acts = new Resource(async () =>
    this.canAct ? (await ok(api.GET("/api/v1/acts", { params: { query: { limit: 60 } } }))).items : [],
  );
  /** The car that is the rig's own, by session. */
  ownCars = $state.raw<ReadonlyMap<string, number | null>>(new Map());

  get canAct(): boolean {
    return may(this.me, "marshal");
  }

  get isAdmin(): boolean {
    return may(this.me, "admin");
  }

  /** Who uses the page, as the server says now. */
  know(me: Me | null): void {
    if (JSON.stringify(me) !== JSON.stringify(this.me)) this.me = me;
  }

  /** Follow everything, until the returned function is called. */
  follow(): () => void {
    const stop = live.onEvents(
      ({ name, data }) => this.#hear(name, data),
      () => this.readAll(),
    );
    const often = setInterval(() => document.hidden || this.rigs.soon(), RIGS_EVERY_MS);
    const rarely = setInterval(() => document.hidden || this.boards.soon(), RARELY_MS);
    return () => {
      stop();
      clearInterval(often);
      clearInterval(rarely);
    };
  }

  readAll(): void {
    for (const each of [this.meeting, this.rigs, this.drivers, this.queue, this.boards, this.acts])
      each.soon();
    void this.#readSessions();
  }

  rig(key: string | null | undefined): Rig | undefined {
    return this.rigs.value?.find((one) => one.rig === key);
  }

  /** What a rig is called. */
  rigName(key: string | null | undefined): string {
    return this.rig(key)?.name ?? key ?? "";
  }

  driver(id: string | null | undefined): Driver | undefined {
    return id ? this.drivers.value?.find((one) => one.id === id) : undefined;
  }

  #hear(name: string, data: unknown): void {
    if (name === "act_recorded") this.#acted(data as { kind: string; changed: readonly { kind: string }[] });
    if (name === "laps_changed") this.boards.soon();
    if (name === "rig_seen") this.rigs.soon();
    if (name === "session_changed") {
      const session = data as Schemas["Session"];
      if (!this.ownCars.has(session.id)) this.meeting.soon();
      this.#learn([session]);
    }
  }

  #acted({ kind, changed }: { kind: string; changed: readonly { kind: string }[] }): void {
    const kinds = new Set(changed.map((one) => one.kind));
    this.acts.soon();
    this.rigs.soon();
    if (kinds.has("meeting") || kinds.has("clearing") || kind === "undone") {
      this.meeting.soon();
      this.boards.soon();
    }
    if (kinds.has("driver")) this.drivers.soon();
    this.queue.soon();
  }

  async #readSessions(): Promise<void> {
    try {
      const query = { sort: "-opened_at", limit: 500 } as const;
      this.#learn((await ok(api.GET("/api/v1/sessions", { params: { query } }))).items);
    } catch {
      // Read again when the line is back.
    }
  }

  #learn(sessions: readonly Pick<Schemas["Session"], "id" | "player_car_index">[]): void {
    const learned = sessions.map((one) => [one.id, one.player_car_index] as const);
    if (learned.every(([id, car]) => this.ownCars.has(id) && this.ownCars.get(id) === car)) return;
    this.ownCars = new Map([...this.ownCars, ...learned]);
  }
}

/** As the cards stand in the room: by place, then by name, numbers as numbers. */
function inTheRoom(one: Rig, other: Rig): number {
  return (
    (one.place ?? NOWHERE) - (other.place ?? NOWHERE) ||
    one.rig.localeCompare(other.rig, undefined, { numeric: true })
  );
}

export const evening = new Evening();
