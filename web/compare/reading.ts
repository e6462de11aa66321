/** Reads laps and compares them, each pair once. */
import { api, ApiProblem, ok } from "../shared/api";
import { readLap, type ShownLap } from "../shared/laps/importedLaps";
import { language } from "../shared/language/translate";
import type { Asked, AskedCarLap } from "./address";
import type { Answer } from "./model";
import { bestOther, ownAndAhead } from "./rivals";

/** Why a lap is not compared. */
export type Trouble = "missing" | "no-trace" | "circuit" | "failed";

export interface ReadLap {
  readonly id: string;
  /** Null for a lap that does not exist or could not be read. */
  readonly facts: ShownLap | null;
  /** The lap against the reference; for a lap that is alone, against itself. */
  readonly answer: Answer | null;
  readonly trouble: Trouble | null;
}

type Outcome = { readonly answer: Answer } | { readonly trouble: Trouble };

export class LapReader {
  readonly #facts = new Map<string, Promise<ShownLap | null>>();
  readonly #outcomes = new Map<string, Promise<Outcome>>();

  /** Read these laps and compare each of them with the reference. */
  async read(ids: readonly string[], reference: number): Promise<readonly ReadLap[]> {
    const laps = await Promise.all(ids.map((id) => this.#read(id, ids[reference] ?? id, ids.length)));
    return this.#explained(laps, reference);
  }

  /** Read who drove the laps again with the next request. */
  forgetFacts(): void {
    this.#facts.clear();
  }

  async #read(id: string, referenceId: string, count: number): Promise<ReadLap> {
    const isCompared = id !== referenceId || count === 1;
    // The comparison first: it takes the longest, and browsers send few requests at once.
    const [outcome, facts] = await Promise.all([
      isCompared ? this.#compare(id, referenceId) : null,
      this.#readFacts(id).catch(() => undefined),
    ]);
    const lap = { id, facts: facts ?? null, answer: null, trouble: null };
    if (facts === undefined) return { ...lap, trouble: "failed" };
    if (facts === null) return { ...lap, trouble: "missing" };
    return { ...lap, ...outcome };
  }

  /** A comparison that failed does not say which of the two laps is the reason: each is compared with itself. */
  async #explained(laps: readonly ReadLap[], reference: number): Promise<readonly ReadLap[]> {
    if (laps.length === 1 || laps.every(({ trouble }) => trouble === null)) return laps;
    const alone = await Promise.all(laps.map(({ id, facts }) => (facts ? this.#compare(id, id) : null)));
    return laps.map((lap, at) => {
      const outcome = alone[at];
      if (!outcome) return lap;
      if ("trouble" in outcome) return { ...lap, trouble: outcome.trouble };
      // The lap itself is fine. The reference is drawn, also where nothing can be compared with it.
      const answer = at === reference ? outcome.answer : lap.answer;
      return { ...lap, answer, trouble: lap.trouble === "no-trace" ? null : lap.trouble };
    });
  }

  #readFacts(id: string): Promise<ShownLap | null> {
    const known = this.#facts.get(id) ?? readLap(id);
    this.#facts.set(id, known);
    known.catch(() => this.#facts.delete(id));
    return known;
  }

  #compare(id: string, other: string): Promise<Outcome> {
    const key = `${id} ${other}`;
    const known = this.#outcomes.get(key) ?? readComparison(id, other);
    this.#outcomes.set(key, known);
    void known.then(
      (outcome) => "trouble" in outcome && outcome.trouble === "failed" && this.#outcomes.delete(key),
    );
    return known;
  }
}

/** The laps that a link asks for, the reference first; with one lap or none if the board has no other one. */
export async function findLaps(asked: Asked): Promise<string[]> {
  if ("entrant" in asked) {
    const { meeting, circuit, entrant } = asked;
    return ownAndAhead(await readBoard(meeting, circuit), entrant);
  }
  const id = "session" in asked ? await findCarLap(asked) : asked.lap;
  if (id === null) return [];
  const lap = await readLap(id).catch(() => null);
  if (!lap?.meeting_id || !lap.circuit) return [id];
  const rival = bestOther(await readBoard(lap.meeting_id, lap.circuit), lap.id);
  return rival ? [rival, lap.id] : [lap.id];
}

/** Names of the rigs, by their keys. */
export async function readRigNames(): Promise<Readonly<Record<string, string>>> {
  const { items } = await ok(api.GET("/api/v1/rigs", { params: { query: { limit: 1000 } } }));
  return Object.fromEntries(items.map(({ rig, label }) => [rig, label]));
}

/** The id of a lap of a car; null if it is not stored, or not yet. Of two with the same time, that which counts. */
async function findCarLap({ session, car, timeMs }: AskedCarLap): Promise<string | null> {
  const query = {
    session_id: session,
    car_index: car,
    lap_time_ms: timeMs,
    sort: "state",
    limit: 1,
  } as const;
  const { items } = await ok(api.GET("/api/v1/laps", { params: { query } }));
  return items[0]?.id ?? null;
}

async function readBoard(meeting: string | null, circuit: string | null) {
  const query = { ...(meeting && { meeting }), ...(circuit && { circuit }) };
  return (await ok(api.GET("/api/v1/leaderboard", { params: { query } }))).items;
}

async function readComparison(id: string, other: string): Promise<Outcome> {
  const params = { path: { lap_id: id }, query: { other, language } };
  try {
    return { answer: await ok(api.GET("/api/v1/laps/{lap_id}/comparison", { params })) };
  } catch (error) {
    const status = error instanceof ApiProblem ? error.status : 0;
    return { trouble: status === 404 ? "no-trace" : status === 422 ? "circuit" : "failed" };
  }
}
