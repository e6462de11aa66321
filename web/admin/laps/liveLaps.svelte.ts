/** A list of laps that is read over HTTP and kept current by what `/ws` announces. */
import { Resource } from "../../office/resource.svelte";
import type { Schemas } from "../../shared/api";
import { live } from "../../shared/connection/live.svelte";
import { addLaps, mergeLaps, newerThan, NO_LAPS, type LapsById } from "./lapRevisions";

export type Lap = Schemas["Lap"];

/** The laps that were read, those driven last first, and whether the server has more. */
export interface LapPages {
  readonly laps: readonly Lap[];
  readonly hasMore: boolean;
}

const NOTHING_READ: LapPages = { laps: [], hasMore: false };

/**
 * What is shown changes at once when laps were read: a row that vanished for a moment in between would lose what a
 * marshal is typing in it.
 */
export class LiveLaps {
  readonly #read: Resource<LapPages>;
  #announced = $state.raw<LapsById>(NO_LAPS);

  /** Every lap in its newest revision, the newest lap first. */
  all = $derived.by(() => mergeLaps(this.#pages.laps, this.#announced));
  /** The moment from which the list has every lap; empty if it has all laps. An older lap may have been announced. */
  readSince = $derived.by(() => (this.#pages.hasMore ? (this.#pages.laps.at(-1)?.recorded_at ?? "") : ""));

  constructor(read: () => Promise<LapPages>) {
    this.#read = new Resource(read);
  }

  get #pages(): LapPages {
    return this.#read.value ?? NOTHING_READ;
  }

  get hasMore(): boolean {
    return this.#pages.hasMore;
  }

  /** Whether the laps were read; until then "no laps" is not known. */
  get isKnown(): boolean {
    return this.#read.value !== null;
  }

  /** Stay current until the returned function is called. */
  start(): () => void {
    return live.onEvents(
      ({ name, data }) => {
        if (name === "lap_official") this.add([data as Lap]);
        if (name === "laps_changed" || (name === "act_recorded" && changesNames(data))) this.#read.soon();
      },
      () => this.#read.soon(),
    );
  }

  find(id: string): Lap | undefined {
    return this.all.find((lap) => lap.id === id);
  }

  refresh(): void {
    void this.#read.now();
  }

  /** Add laps, such as the answer to a change, before they are announced. */
  add(laps: readonly Lap[]): void {
    this.#announced = addLaps(newerThan(this.#pages.laps, this.#announced), laps);
  }
}

/** Whether an act may change names on laps that it does not change itself. */
function changesNames(data: unknown): boolean {
  const { changed } = data as { changed: readonly { kind: string }[] };
  return changed.some(({ kind }) => kind === "driver" || kind === "meeting");
}
