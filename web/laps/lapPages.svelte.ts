/** The laps of the list, page by page, and what the filters offer. */
import { api, ok, type Schemas } from "../shared/api";
import { announceProblem } from "../shared/frame/announce.svelte";
import { readLap } from "../shared/laps/importedLaps";
import { lapQuery, type Lap, type LapFilter } from "./filter";

const PAGE_SIZE = 50;

export class LapPages {
  laps = $state.raw<readonly Lap[]>([]);
  hasMore = $state(false);
  /** Whether the laps of the newest filter were read. */
  isRead = $state(false);
  #cursor: string | null = null;
  #wanted = 0;
  #pages = 0;

  /** Read the first page of a filter; only the newest request counts. */
  async show(filter: LapFilter): Promise<void> {
    this.isRead = false;
    this.#pages = 0;
    await this.#read(filter, null);
  }

  /** Read one more page. */
  async showMore(filter: LapFilter): Promise<void> {
    await this.#read(filter, this.#cursor);
  }

  /** Read the first page again, unless the reader went on to the next ones. */
  async refresh(filter: LapFilter): Promise<void> {
    if (this.#pages === 1) await this.#read(filter, null);
  }

  async #read(filter: LapFilter, cursor: string | null): Promise<void> {
    const wanted = ++this.#wanted;
    const query = { ...lapQuery(filter), limit: PAGE_SIZE, ...(cursor && { cursor }) };
    try {
      const answer = await ok(api.GET("/api/v1/laps", { params: { query: query as Query } }));
      if (wanted !== this.#wanted) return;
      this.laps = cursor ? [...this.laps, ...answer.items] : answer.items;
      this.#cursor = answer.next ?? null;
      this.hasMore = this.#cursor !== null;
      this.#pages = cursor ? this.#pages + 1 : 1;
      this.isRead = true;
    } catch (error) {
      announceProblem(error);
    }
  }
}

type Query = { readonly sort: "lap_time_ms"; readonly limit: number };

/** What the filters offer. */
export class Choices {
  drivers = $state.raw<readonly Schemas["Driver"][]>([]);
  circuits = $state.raw<readonly string[]>([]);
  meetings = $state.raw<readonly Schemas["Meeting"][]>([]);
  rigs = $state.raw<readonly Schemas["Rig"][]>([]);

  constructor() {
    const query = { limit: 1000 };
    const quietly = () => undefined;
    // Each of them is a filter less if it cannot be read.
    ok(api.GET("/api/v1/drivers", { params: { query } })).then(({ items }) => {
      this.drivers = [...items].sort((one, other) => one.name.localeCompare(other.name));
    }, quietly);
    ok(api.GET("/api/v1/boards")).then(({ items }) => {
      const circuits = items.map(({ circuit }) => circuit).filter((circuit) => circuit);
      this.circuits = circuits.filter((circuit, at) => circuits.indexOf(circuit) === at).sort();
    }, quietly);
    ok(api.GET("/api/v1/meetings")).then(({ items }) => (this.meetings = items), quietly);
    ok(api.GET("/api/v1/rigs", { params: { query } })).then(({ items }) => (this.rigs = items), quietly);
  }

  rigName(rig: string): string | undefined {
    return this.rigs.find((each) => each.rig === rig)?.label;
  }
}

/** The laps with these ids; unknown ones are left out. */
export async function readLaps(ids: readonly string[]): Promise<readonly Lap[]> {
  const laps = ids.map((id) => readLap(id).catch(() => null));
  return (await Promise.all(laps)).filter((lap) => lap !== null);
}
