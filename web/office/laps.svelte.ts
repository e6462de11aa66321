/** The laps of the evening as the page shows them: filtered, and those that wait for somebody's name. */
import { api, ok } from "../shared/api";
import { evening } from "./evening.svelte";
import { LapBook, type Lap } from "./lapbook.svelte";

export type { Lap };

const PAGE = 200;
const NEWEST_OF_A_RIG = 400;

export interface LapFilter {
  readonly driverId: string;
  readonly rig: string;
  readonly state: string;
  readonly validity: string;
  readonly circuit: string;
  /** Other cars than the rigs' own too. */
  readonly allCars: boolean;
}

export const NO_FILTER: LapFilter = {
  driverId: "",
  rig: "",
  state: "",
  validity: "",
  circuit: "",
  allCars: false,
};

class Laps {
  filter = $state.raw<LapFilter>(NO_FILTER);
  hasMore = $state(false);
  readonly book = new LapBook(() => this.#all());
  /** Those that the filter lets through. */
  shown = $derived.by(() => this.book.all.filter((lap) => passes(lap, this.filter)));
  #pages = 1;

  choose(filter: LapFilter): void {
    this.filter = filter;
    this.#pages = 1;
    this.book.readAnew();
  }

  more(): void {
    this.#pages += 1;
    this.book.readAnew();
  }

  async #all(): Promise<Lap[]> {
    const laps: Lap[] = [];
    let cursor: string | null | undefined;
    for (let page = 0; page < this.#pages && cursor !== null; page += 1) {
      const query = { sort: "-official_at", limit: PAGE, ...asked(this.filter), ...(cursor && { cursor }) };
      const found = await ok(api.GET("/api/v1/laps", { params: { query: query as Query } }));
      laps.push(...found.items);
      cursor = found.next;
    }
    this.hasMore = Boolean(cursor);
    return laps;
  }
}

class Unclaimed {
  readonly book = new LapBook(() => this.#all());
  /** Laps of nobody in a rig's own car. */
  laps = $derived.by(() => this.book.all.filter(isUnclaimed));

  async #all(): Promise<Lap[]> {
    const rigs = evening.rigs.value ?? (await ok(api.GET("/api/v1/rigs"))).items;
    const read = rigs.map(({ rig }) => {
      const query = { rig, state: "completed", sort: "-official_at", limit: NEWEST_OF_A_RIG } as const;
      return ok(api.GET("/api/v1/laps", { params: { query } }));
    });
    return (await Promise.all(read)).flatMap(({ items }) => items.filter((lap) => lap.driver_id === null));
  }
}

type Query = { readonly sort: "-official_at"; readonly limit: number };

function asked(filter: LapFilter): Record<string, string | boolean> {
  return {
    ...(filter.driverId && { driver_id: filter.driverId }),
    ...(filter.rig && { rig: filter.rig }),
    ...(filter.state && { state: filter.state }),
    ...(filter.validity && { is_valid: filter.validity === "valid" }),
    ...(filter.circuit && { circuit: filter.circuit }),
  };
}

/** Whether the rig's own driver drove it, or somebody typed it. */
export function isOwn(lap: Lap): boolean {
  const own = evening.ownCars.get(lap.session_id);
  return lap.source === "manual" || own === undefined || own === null || own === lap.car_index;
}

function isUnclaimed(lap: Lap): boolean {
  // A lap that somebody said is nobody's waits no longer.
  return lap.driver_id === null && lap.state === "completed" && lap.basis !== "claim" && isOwn(lap);
}

function passes(lap: Lap, filter: LapFilter): boolean {
  return (
    (!filter.driverId || lap.driver_id === filter.driverId) &&
    (!filter.rig || lap.rig === filter.rig) &&
    (filter.state ? lap.state === filter.state : lap.state !== "superseded") &&
    (!filter.validity || lap.is_valid === (filter.validity === "valid")) &&
    (!filter.circuit || lap.circuit === filter.circuit) &&
    (filter.allCars || lap.driver_id !== null || isOwn(lap))
  );
}

export const laps = new Laps();
export const unclaimed = new Unclaimed();
