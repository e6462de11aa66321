/** Laps that were read from the API together with those that were announced since: always the newest revision. */
import type { Schemas } from "../shared/api";
import { live } from "../shared/live.svelte";
import { hearing, newerThan, newest, NOTHING, type Heard } from "./merging";
import { Resource } from "./resource.svelte";

export type Lap = Schemas["Lap"];

export class LapBook {
  readonly #read: Resource<Lap[]>;
  #heard = $state.raw<Heard>(NOTHING);

  /** Every lap, the newest first. */
  all = $derived.by(() => newest(this.#read.value ?? [], this.#heard));

  constructor(read: () => Promise<Lap[]>) {
    this.#read = new Resource(() => read().then((laps) => this.#known(laps)));
  }

  /** Whether they were read at all; before that nothing is said about them. */
  get isKnown(): boolean {
    return this.#read.value !== null;
  }

  follow(): () => void {
    return live.onEvents(
      ({ name, data }) => {
        if (name === "lap_official") this.put([data as Lap]);
        if (name === "laps_changed" || (name === "act_recorded" && touchesNames(data))) this.#read.soon();
      },
      () => this.#read.soon(),
    );
  }

  find(id: string): Lap | undefined {
    return this.all.find((lap) => lap.id === id);
  }

  readAnew(): void {
    void this.#read.now();
  }

  /** What an act answered, without waiting for its announcement. */
  put(laps: readonly Lap[]): void {
    this.#heard = hearing(this.#heard, laps);
  }

  /** What was heard while the answer was on its way counts only where it is newer. */
  #known(laps: Lap[]): Lap[] {
    this.#heard = newerThan(laps, this.#heard);
    return laps;
  }
}

/** A driver's name stands on laps that the act itself did not change. */
function touchesNames(data: unknown): boolean {
  const { changed } = data as { changed: readonly { kind: string }[] };
  return changed.some(({ kind }) => kind === "driver" || kind === "meeting");
}
