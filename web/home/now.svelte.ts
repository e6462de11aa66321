/** What goes on right now, for the first page: rigs that send, the latest laps. Read once, then followed. */
import { api, ok, type Schemas } from "../shared/api";
import { live } from "../shared/live.svelte";

export type Lap = Schemas["Lap"];

const SHOWN = 6;
const RIGS_EVERY_MS = 4_000;
const READ_AFTER_MS = 300;

export class Now {
  laps = $state.raw<readonly Lap[]>([]);
  rigs = $state.raw<{ readonly heard: number; readonly known: number } | null>(null);
  meeting = $state.raw<Schemas["Meeting"] | null>(null);
  /** Whether the laps were read at all: before that, nothing is said about them. */
  isKnown = $state(false);
  #soon: ReturnType<typeof setTimeout> | undefined;

  /** Follow, until the returned function is called. */
  follow(): () => void {
    const stop = live.onEvents(
      ({ name, data }) => {
        if (name === "lap_official") this.#take(data as Lap);
        if (name === "act_recorded" || name === "laps_changed") this.#readSoon();
        if (name === "rig_seen") void this.#readRigs();
      },
      () => void this.#read(),
    );
    const asking = setInterval(() => document.hidden || void this.#readRigs(), RIGS_EVERY_MS);
    return () => {
      stop();
      clearInterval(asking);
      clearTimeout(this.#soon);
    };
  }

  async #read(): Promise<void> {
    try {
      const query = { sort: "-official_at", state: "completed", limit: SHOWN } as const;
      const [laps] = await Promise.all([
        ok(api.GET("/api/v1/laps", { params: { query } })),
        this.#readMeeting(),
        this.#readRigs(),
      ]);
      this.laps = laps.items;
      this.isKnown = true;
    } catch {
      // The line notices that the server is away, says so, and reads anew when it is back.
    }
  }

  /** Once, however many acts come at the same time. */
  #readSoon(): void {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => void this.#read(), READ_AFTER_MS);
  }

  async #readMeeting(): Promise<void> {
    // The laps are worth showing without its name.
    this.meeting = await ok(api.GET("/api/v1/meeting")).catch(() => null);
  }

  async #readRigs(): Promise<void> {
    try {
      const { items } = await ok(api.GET("/api/v1/rigs", { params: { query: { limit: 1000 } } }));
      this.rigs = { heard: items.filter((rig) => rig.is_live).length, known: items.length };
    } catch {
      // As above.
    }
  }

  #take(lap: Lap): void {
    const known = this.laps.find((one) => one.id === lap.id);
    if (known && known.revision > lap.revision) return;
    const others = this.laps.filter((one) => one.id !== lap.id);
    if (lap.state !== "completed") this.laps = others;
    else if (known) this.laps = this.laps.map((one) => (one.id === lap.id ? lap : one));
    else this.laps = [lap, ...others].slice(0, SHOWN);
  }
}
