/** A list of laps that is read over HTTP and kept current by what `/ws` announces. */
import { Resource } from "../../office/resource.svelte";
import type { Schemas } from "../../shared/api";
import { live } from "../../shared/connection/live.svelte";
import { addLaps, mergeLaps, newerThan, NO_LAPS, type LapsById } from "./lapRevisions";

export type Lap = Schemas["Lap"];

export class LiveLaps {
  readonly #read: Resource<Lap[]>;
  #announced = $state.raw<LapsById>(NO_LAPS);

  /** Every lap in its newest revision, the newest lap first. */
  all = $derived.by(() => mergeLaps(this.#read.value ?? [], this.#announced));

  constructor(read: () => Promise<Lap[]>) {
    this.#read = new Resource(() => read().then((laps) => this.#forgetOlder(laps)));
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
    this.#announced = addLaps(this.#announced, laps);
  }

  /** Announced laps are forgotten once the same or a newer revision was read. */
  #forgetOlder(laps: Lap[]): Lap[] {
    this.#announced = newerThan(laps, this.#announced);
    return laps;
  }
}

/** Whether an act may change names on laps that it does not change itself. */
function changesNames(data: unknown): boolean {
  const { changed } = data as { changed: readonly { kind: string }[] };
  return changed.some(({ kind }) => kind === "driver" || kind === "meeting");
}
