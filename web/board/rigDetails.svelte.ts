/** The names, places and drivers of the rigs, and where the games send to; read over HTTP, and again after changes. */
import { onDestroy } from "svelte";
import { api, everything, ok, type Schemas } from "../shared/api";
import { live } from "../shared/connection/live.svelte";
import { readTelemetry, type Telemetry } from "../shared/frame/telemetry";

export interface RigDetails {
  /** By the key of the rig. */
  readonly all: ReadonlyMap<string, Schemas["Rig"]>;
  /** A rig by its key, or by the key of a rig that was joined into it. */
  readonly find: (key: string) => Schemas["Rig"] | undefined;
  /** Null until the server has sent it. */
  readonly telemetry: Telemetry | null;
}

const PAUSE_MS = 300;

class LiveRigDetails implements RigDetails {
  all = $state.raw<RigDetails["all"]>(new Map());
  telemetry = $state.raw<RigDetails["telemetry"]>(null);
  readonly find = (key: string) =>
    this.all.get(key) ?? [...this.all.values()].find(({ joined }) => joined.some(({ rig }) => rig === key));
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    const stop = live.onEvents(
      ({ name }) => (name === "rig_seen" || name === "act_recorded") && this.#readSoon(),
      () => this.#readSoon(),
    );
    onDestroy(stop);
  }

  /** Read once for all changes of the next moment. */
  #readSoon(): void {
    if (this.#timer === undefined) this.#timer = setTimeout(() => void this.#read(), PAUSE_MS);
  }

  async #read(): Promise<void> {
    this.#timer = undefined;
    try {
      const rigs = await everything((cursor) =>
        ok(api.GET("/api/v1/rigs", { params: { query: { limit: 200, ...(cursor ? { cursor } : {}) } } })),
      );
      this.all = new Map(rigs.map((rig) => [rig.rig, rig]));
      this.telemetry = await readTelemetry();
    } catch {
      // The board works without it; the next reconnect or change reads again.
    }
  }
}

/** Read them until the component that calls this is destroyed. */
export const readRigDetails = (): RigDetails => new LiveRigDetails();
