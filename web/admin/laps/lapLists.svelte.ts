/** The laps of the admin page: the filtered list, and the unclaimed laps. */
import { meetingData } from "../../office/meetingData.svelte";
import { api, ok } from "../../shared/api";
import { LiveLaps, type Lap, type LapPages } from "./liveLaps.svelte";

export type { Lap };

/** Laps that only their own filter shows: many partial laps come with each change of session. */
const HIDDEN: ReadonlySet<string> = new Set(["superseded", "partial"]);
const PAGE_SIZE = 200;
const UNCLAIMED_PER_RIG = 400;

export interface LapFilter {
  readonly driverId: string;
  readonly rig: string;
  readonly state: string;
  readonly validity: string;
  readonly circuit: string;
  /** How the lap began. */
  readonly start: string;
  /** Whether cars other than the rigs' own are shown too. */
  readonly allCars: boolean;
}

export const NO_FILTER: LapFilter = {
  driverId: "",
  rig: "",
  state: "",
  validity: "",
  circuit: "",
  start: "",
  allCars: false,
};

class LapList {
  filter = $state.raw<LapFilter>(NO_FILTER);
  readonly laps = new LiveLaps(() => this.#read());
  /** The laps that pass the filter, by when they were driven. */
  filtered = $derived.by(() =>
    this.laps.all.filter((lap) => lap.recorded_at >= this.laps.readSince && passes(lap, this.filter)),
  );
  #pages = 1;

  setFilter(filter: LapFilter): void {
    this.filter = filter;
    this.#pages = 1;
    this.laps.refresh();
  }

  readMore(): void {
    this.#pages += 1;
    this.laps.refresh();
  }

  async #read(): Promise<LapPages> {
    const laps: Lap[] = [];
    let cursor: string | null | undefined;
    for (let page = 0; page < this.#pages && cursor !== null; page += 1) {
      const query = {
        sort: "-recorded_at",
        limit: PAGE_SIZE,
        ...filterQuery(this.filter),
        ...(cursor && { cursor }),
      };
      const answer = await ok(api.GET("/api/v1/laps", { params: { query: query as Query } }));
      laps.push(...answer.items);
      cursor = answer.next;
    }
    return { laps, hasMore: Boolean(cursor) };
  }
}

class UnclaimedLaps {
  readonly laps = new LiveLaps(() => this.#read());
  /** Laps without a driver, in a rig's own car. */
  unclaimed = $derived.by(() => this.laps.all.filter(isUnclaimed));

  async #read(): Promise<LapPages> {
    const rigs = meetingData.rigs.value ?? (await ok(api.GET("/api/v1/rigs"))).items;
    const answers = rigs.map(({ rig }) => {
      const query = { rig, state: "completed", sort: "-recorded_at", limit: UNCLAIMED_PER_RIG } as const;
      return ok(api.GET("/api/v1/laps", { params: { query } }));
    });
    const laps = (await Promise.all(answers)).flatMap(({ items }) => items);
    return { laps: laps.filter((lap) => lap.driver_id === null), hasMore: false };
  }
}

type Query = { readonly sort: "-recorded_at"; readonly limit: number };

function filterQuery(filter: LapFilter): Record<string, string | boolean> {
  return {
    ...(filter.driverId && { driver_id: filter.driverId }),
    ...(filter.rig && { rig: filter.rig }),
    ...(filter.state ? { state: filter.state } : { state_ne: "partial" }),
    ...(filter.validity && { is_valid: filter.validity === "valid" }),
    ...(filter.circuit && { circuit: filter.circuit }),
    ...(filter.start && { start: filter.start }),
  };
}

/** Whether a lap was driven in the rig's own car, or typed by hand. */
export function isOwn(lap: Lap): boolean {
  const own = meetingData.ownCars.get(lap.session_id);
  return lap.source === "manual" || own === undefined || own === null || own === lap.car_index;
}

function isUnclaimed(lap: Lap): boolean {
  // A lap without a driver by a marshal's decision has the basis `claim`: it is settled.
  return lap.driver_id === null && lap.state === "completed" && lap.basis !== "claim" && isOwn(lap);
}

function passes(lap: Lap, filter: LapFilter): boolean {
  return (
    (!filter.driverId || lap.driver_id === filter.driverId) &&
    (!filter.rig || lap.rig === filter.rig) &&
    (filter.state ? lap.state === filter.state : !HIDDEN.has(lap.state)) &&
    (!filter.validity || lap.is_valid === (filter.validity === "valid")) &&
    (!filter.circuit || lap.circuit === filter.circuit) &&
    (!filter.start || lap.start === filter.start) &&
    (filter.allCars || lap.driver_id !== null || isOwn(lap))
  );
}

export const lapList = new LapList();
export const unclaimedLaps = new UnclaimedLaps();
