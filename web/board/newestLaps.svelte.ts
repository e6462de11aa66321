/** The newest lap of each rig's own car as the server stores it: with its driver, its circuit, and whether it counts. */
import { onDestroy } from "svelte";
import { api, ok, type Schemas } from "../shared/api";
import { live } from "../shared/connection/live.svelte";
import type { BoardRow, RigRow } from "../shared/rows";
import type { Board } from "./leaderboard";

type Lap = Schemas["Lap"];
/** What a lap and a row of the view `rigs` both have: which car in which session. */
type Car = Pick<RigRow, "session_id" | "car_index">;

const PAUSE_MS = 300;

export class NewestLaps {
  #laps = $state.raw<Readonly<Record<string, Lap | undefined>>>({});
  #cars: readonly string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param rigs returns the rigs to follow. */
  constructor(rigs: () => readonly RigRow[]) {
    const cars = $derived(rigs().flatMap(carKeys).sort().join("\n"));
    $effect(() => this.#follow(cars ? cars.split("\n") : []));
    const stop = live.onEvents(
      ({ name, data }) => {
        if (name === "lap_official") this.#handleLap(data as Lap);
        // So many laps that they are not announced one by one.
        if (name === "laps_changed") this.#readSoon();
      },
      () => this.#readSoon(),
    );
    onDestroy(stop);
  }

  /** The newest complete lap of a rig's car in its session. */
  of(rig: RigRow): Lap | undefined {
    return this.#laps[carKey(rig)];
  }

  #follow(cars: readonly string[]): void {
    const added = cars.filter((car) => !this.#cars.includes(car));
    this.#cars = cars;
    void this.#read(added);
  }

  #handleLap(lap: Lap): void {
    const car = carKey(lap);
    if (!this.#cars.includes(car)) return;
    const known = this.#laps[car];
    if (lap.state === "completed" && (!known || lap.lap_number >= known.lap_number)) this.#set(car, lap);
    else if (known?.id === lap.id) void this.#read([car]);
  }

  /** Read once for all changes of the next moment. */
  #readSoon(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#read(this.#cars);
    }, PAUSE_MS);
  }

  async #read(cars: readonly string[]): Promise<void> {
    await Promise.all(cars.map((car) => this.#readOne(car).catch(() => undefined)));
  }

  async #readOne(car: string): Promise<void> {
    const [session_id = "", car_index = ""] = car.split(SEPARATOR);
    const query = {
      session_id,
      car_index: Number(car_index),
      state: "completed",
      sort: "-lap_number",
    } as const;
    const { items } = await ok(api.GET("/api/v1/laps", { params: { query: { ...query, limit: 1 } } }));
    this.#set(car, items[0]);
  }

  #set(car: string, lap: Lap | undefined): void {
    const followed = Object.entries(this.#laps).filter(([key]) => this.#cars.includes(key));
    this.#laps = { ...Object.fromEntries(followed), [car]: lap };
  }
}

/**
 * The time of a lap against the best lap that its driver has on a board; null where they cannot be compared.
 *
 * A lap that is faster than this best lap does not count on the board, or the board does not have it yet.
 */
export function deltaOnBoard(lap: Lap, board: Board | null): number | null {
  if (board?.meetingId !== lap.meeting_id || board?.circuit !== lap.circuit || lap.is_valid === false)
    return null;
  const best = board.rows.find((row) => row.id === entrantOf(lap))?.best_lap_ms ?? null;
  if (best === null || lap.lap_time_ms === null || lap.lap_time_ms < best) return null;
  return lap.lap_time_ms - best;
}

function entrantOf({ driver_id, rig }: Lap): BoardRow["id"] {
  return driver_id === null ? `r:${rig}` : `d:${driver_id}`;
}

const SEPARATOR = "\t";

function carKey({ session_id, car_index }: Car): string {
  return `${session_id}${SEPARATOR}${car_index}`;
}

function carKeys(rig: RigRow): string[] {
  return rig.session_id === null || rig.car_index === null ? [] : [carKey(rig)];
}
