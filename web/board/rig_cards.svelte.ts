/** What people call the rigs, who sits there, and where the games send to: over HTTP, again after each act. */
import { api, everything, ok, type Schemas } from "../shared/api";
import { live } from "../shared/live.svelte";

export interface RigCards {
  /** By the rig's key. */
  readonly all: ReadonlyMap<string, Schemas["Rig"]>;
  readonly telemetry: { readonly address: string; readonly port: number } | null;
}

const PAUSE_MS = 300;
const OURS = /^(localhost|127\.|\[?::1)/;

class Cards implements RigCards {
  all = $state.raw<RigCards["all"]>(new Map());
  telemetry = $state.raw<RigCards["telemetry"]>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    live.onEvents(
      ({ name }) => (name === "rig_seen" || name === "act_recorded") && this.#soon(),
      () => this.#soon(),
    );
  }

  /** Once for all that happens within a moment. */
  #soon(): void {
    if (this.#timer === undefined) this.#timer = setTimeout(() => void this.#ask(), PAUSE_MS);
  }

  async #ask(): Promise<void> {
    this.#timer = undefined;
    try {
      const rigs = await everything((cursor) =>
        ok(api.GET("/api/v1/rigs", { params: { query: { limit: 200, ...(cursor ? { cursor } : {}) } } })),
      );
      this.all = new Map(rigs.map((rig) => [rig.rig, rig]));
      if (!rigs.length) await this.#askWhere();
    } catch {
      // The board goes on without; the next reconnect or change asks again.
    }
  }

  async #askWhere(): Promise<void> {
    const { checks } = await ok(api.GET("/api/health/ready"));
    const port = /:(\d+)$/.exec(checks["udp"] ?? "")?.[1];
    // Who opened the page as localhost cannot tell the rigs where that is.
    if (port && !OURS.test(location.hostname))
      this.telemetry = { address: location.hostname, port: Number(port) };
  }
}

export const rigCards = (): RigCards => new Cards();
