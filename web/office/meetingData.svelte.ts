/**
 * What the server knows about the meeting: rigs, drivers, queue, boards, and what marshals changed.
 *
 * Read over HTTP, and read again when `/ws` announces a change, each list at most once a second. Laps are in
 * admin/laps/lapLists.svelte.ts.
 */
import { api, everything, ok, type Schemas } from "../shared/api";
import { compareRigs } from "../shared/rigs/order";
import { live } from "../shared/connection/live.svelte";
import { Resource } from "./resource.svelte";
import { user } from "./user.svelte";

export type Rig = Schemas["Rig"];
export type Driver = Schemas["Driver"];
export type Meeting = Schemas["Meeting"];
export type QueueEntry = Schemas["QueueEntry"];
export type Act = Schemas["Act"];
export type BoardSummary = Schemas["BoardRow"];

interface RecordedAct {
  readonly kind: string;
  readonly changed: readonly { readonly kind: string }[];
}

const ALL = { limit: 1000 } as const;
const NEWEST_ACTS = { limit: 60 } as const;
const RIGS_EVERY_MS = 3_000;
const BOARDS_EVERY_MS = 15_000;

class MeetingData {
  readonly meeting = new Resource(() => ok(api.GET("/api/v1/meeting")));
  readonly rigs = new Resource(() =>
    ok(api.GET("/api/v1/rigs", { params: { query: ALL } })).then(({ items }) => items.sort(compareRigs)),
  );
  readonly drivers = new Resource(() =>
    everything((cursor) =>
      ok(api.GET("/api/v1/drivers", { params: { query: { ...ALL, ...(cursor ? { cursor } : {}) } } })),
    ),
  );
  readonly queue = new Resource(() => ok(api.GET("/api/v1/queue")).then(({ items }) => items));
  readonly boards = new Resource(() => ok(api.GET("/api/v1/boards")).then(({ items }) => items));
  readonly acts = new Resource(async () =>
    user.canEdit ? (await ok(api.GET("/api/v1/acts", { params: { query: NEWEST_ACTS } }))).items : [],
  );
  /** The index of the rig's own car, by the id of the session. */
  ownCars = $state.raw<ReadonlyMap<string, number | null>>(new Map());

  /** Read everything again whenever it changes, until the returned function is called. */
  start(): () => void {
    const stopEvents = live.onEvents(
      ({ name, data }) => this.#handleEvent(name, data),
      () => this.readAll(),
    );
    const rigTimer = setInterval(() => document.hidden || this.rigs.soon(), RIGS_EVERY_MS);
    const boardTimer = setInterval(() => document.hidden || this.boards.soon(), BOARDS_EVERY_MS);
    return () => {
      stopEvents();
      clearInterval(rigTimer);
      clearInterval(boardTimer);
    };
  }

  readAll(): void {
    const lists = [this.meeting, this.rigs, this.drivers, this.queue, this.boards, this.acts];
    for (const list of lists) list.soon();
    void this.#readSessions();
  }

  rig(key: string | null | undefined): Rig | undefined {
    return this.rigs.value?.find((rig) => rig.rig === key);
  }

  /** The name of a rig that screens show. */
  rigName(key: string | null | undefined): string {
    return this.rig(key)?.label ?? "";
  }

  driver(id: string | null | undefined): Driver | undefined {
    return id ? this.drivers.value?.find((driver) => driver.id === id) : undefined;
  }

  #handleEvent(name: string, data: unknown): void {
    if (name === "act_recorded") this.#handleAct(data as RecordedAct);
    if (name === "laps_changed") this.boards.soon();
    if (name === "rig_seen") this.rigs.soon();
    if (name === "circuit_changed") this.meeting.soon();
    if (name === "session_changed") {
      const session = data as Schemas["Session"];
      if (!this.ownCars.has(session.id)) this.meeting.soon();
      this.#storeOwnCars([session]);
    }
  }

  #handleAct({ kind, changed }: RecordedAct): void {
    const kinds = new Set(changed.map((record) => record.kind));
    this.acts.soon();
    this.rigs.soon();
    if (kinds.has("meeting") || kinds.has("clearing") || kind === "rigs_joined" || kind === "undone") {
      this.meeting.soon();
      this.boards.soon();
    }
    if (kinds.has("driver")) this.drivers.soon();
    this.queue.soon();
  }

  async #readSessions(): Promise<void> {
    try {
      const query = { sort: "-opened_at", limit: 500 } as const;
      this.#storeOwnCars((await ok(api.GET("/api/v1/sessions", { params: { query } }))).items);
    } catch {
      // They are read again after the next reconnect.
    }
  }

  #storeOwnCars(sessions: readonly Pick<Schemas["Session"], "id" | "player_car_index">[]): void {
    const cars = sessions.map((session) => [session.id, session.player_car_index] as const);
    if (cars.every(([id, car]) => this.ownCars.has(id) && this.ownCars.get(id) === car)) return;
    this.ownCars = new Map([...this.ownCars, ...cars]);
  }
}

export const meetingData = new MeetingData();
