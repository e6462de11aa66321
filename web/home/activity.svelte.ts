/** What happens right now, for the first page: the open meeting, rigs that send, the newest laps. */
import { api, ok, type Schemas } from "../shared/api";
import { live } from "../shared/connection/live.svelte";
import { readTelemetry, type Telemetry } from "../shared/frame/telemetry";
import { newestFirst } from "../shared/laps/lapOrder";

export type Lap = Schemas["Lap"];

const LAPS_SHOWN = 6;
const RIGS_EVERY_MS = 4_000;
const READ_AFTER_MS = 300;

export class Activity {
  laps = $state.raw<readonly Lap[]>([]);
  rigs = $state.raw<{ readonly heard: number; readonly known: number } | null>(null);
  /** Whether no rig has sent anything since the server started; null if it is not known. */
  isSilent = $state<boolean | null>(null);
  /** Where the games send to; null until the server has sent it. */
  telemetry = $state.raw<Telemetry | null>(null);
  meeting = $state.raw<Schemas["Meeting"] | null>(null);
  /** Whether the laps were read; until then "no laps" is not known. */
  isKnown = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Stay current until the returned function is called. */
  start(): () => void {
    const stopEvents = live.onEvents(
      ({ name, data }) => {
        if (name === "lap_official") this.#handleLap(data as Lap);
        if (name === "act_recorded" || name === "laps_changed") this.#readSoon();
        if (name === "rig_seen") void this.#readRigs();
        if (name === "circuit_changed") void this.#readMeeting();
      },
      () => void this.#read(),
    );
    const rigTimer = setInterval(() => document.hidden || void this.#readRigs(), RIGS_EVERY_MS);
    return () => {
      stopEvents();
      clearInterval(rigTimer);
      clearTimeout(this.#timer);
    };
  }

  async #read(): Promise<void> {
    try {
      const query = { sort: "-recorded_at", state: "completed", limit: LAPS_SHOWN } as const;
      const [laps] = await Promise.all([
        ok(api.GET("/api/v1/laps", { params: { query } })),
        this.#readMeeting(),
        this.#readRigs(),
        this.#readTelemetry(),
      ]);
      this.laps = newest(laps.items);
      this.isKnown = true;
    } catch {
      // The page shows a lost connection itself, and reads everything again after the reconnect.
    }
  }

  /** Read once for several changes at the same time. */
  #readSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#read(), READ_AFTER_MS);
  }

  async #readMeeting(): Promise<void> {
    // The laps are shown even if the meeting cannot be read.
    this.meeting = await ok(api.GET("/api/v1/meeting")).catch(() => null);
  }

  async #readTelemetry(): Promise<void> {
    this.telemetry = await readTelemetry().catch(() => null);
  }

  async #readRigs(): Promise<void> {
    try {
      const { items } = await ok(api.GET("/api/v1/rigs", { params: { query: { limit: 1000 } } }));
      this.isSilent = items.every((rig) => rig.last_received_at === null);
      this.rigs = { heard: items.filter((rig) => rig.is_live).length, known: items.length };
    } catch {
      // As above.
    }
  }

  #handleLap(lap: Lap): void {
    const known = this.laps.find(({ id }) => id === lap.id);
    if (known && known.revision > lap.revision) return;
    const others = this.laps.filter(({ id }) => id !== lap.id);
    if (lap.state !== "completed") this.laps = others;
    else this.laps = newest([lap, ...others]);
  }
}

/** The laps to show: those that were driven last. */
function newest(laps: readonly Lap[]): Lap[] {
  return [...laps].sort(newestFirst).slice(0, LAPS_SHOWN);
}
