/** The names, places and drivers of the rigs, and where the games send to; read over HTTP, and again after changes. */
import { isLoopback } from "../shared/address";
import { api, everything, ok, type Schemas } from "../shared/api";
import { live } from "../shared/connection/live.svelte";

export interface RigDetails {
  /** By the key of the rig. */
  readonly all: ReadonlyMap<string, Schemas["Rig"]>;
  /** A rig by its key, or by the key of a rig that was joined into it. */
  readonly find: (key: string) => Schemas["Rig"] | undefined;
  /** Null where it is not known, or where the address of this page is of no use to a rig. */
  readonly telemetry: { readonly address: string; readonly port: number } | null;
}

const PAUSE_MS = 300;

class LiveRigDetails implements RigDetails {
  all = $state.raw<RigDetails["all"]>(new Map());
  telemetry = $state.raw<RigDetails["telemetry"]>(null);
  readonly find = (key: string) =>
    this.all.get(key) ?? [...this.all.values()].find(({ joined }) => joined.some(({ rig }) => rig === key));
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    live.onEvents(
      ({ name }) => (name === "rig_seen" || name === "act_recorded") && this.#readSoon(),
      () => this.#readSoon(),
    );
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
      if (!rigs.length) await this.#readTelemetryPort();
    } catch {
      // The board works without it; the next reconnect or change reads again.
    }
  }

  async #readTelemetryPort(): Promise<void> {
    const { checks } = await ok(api.GET("/api/health/ready"));
    const port = /:(\d+)$/.exec(checks["udp"] ?? "")?.[1];
    if (port && !isLoopback(location.hostname))
      this.telemetry = { address: location.hostname, port: Number(port) };
  }
}

export const readRigDetails = (): RigDetails => new LiveRigDetails();
