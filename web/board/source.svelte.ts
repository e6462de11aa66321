/** Where the board comes from: the live view, or for other boards the API, asked again whenever laps changed. */
import { api, ApiProblem, ok } from "../shared/api";
import type { operations } from "../shared/openapi";
import { live } from "../shared/live.svelte";
import type { Event } from "../shared/socket";
import { isOther, type Options } from "./options";
import { ofAnswer, ofView, type Board, type BoardFacts, type BoardRow } from "./standings";

export interface BoardSource {
  /** Null before it is known. */
  readonly board: Board | null;
  /** Why the server does not give it; null if it does. */
  readonly problem: ApiProblem | null;
}

type Query = NonNullable<operations["get_leaderboard"]["parameters"]["query"]>;

const CHANGES = new Set(["act_recorded", "laps_changed", "lap_official"]);
const PAUSE_MS = 1_000;
const AGAIN_MS = 5_000;

/** The board that the address asks for. */
export function boardSource(options: Options): BoardSource {
  return isOther(options) ? new Asked(options) : new Followed();
}

class Followed implements BoardSource {
  readonly problem = null;
  readonly #view = live.follow<BoardRow, BoardFacts>("board");
  readonly board = $derived(ofView(this.#view.current));
}

class Asked implements BoardSource {
  board = $state.raw<Board | null>(null);
  problem = $state.raw<ApiProblem | null>(null);
  readonly #options: Options;
  #askedAt = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isAsking = false;

  constructor(options: Options) {
    this.#options = options;
    live.onEvents(
      (event: Event) => CHANGES.has(event.name) && this.#soon(),
      () => this.#soon(),
    );
  }

  /** Once a second at most, and always once after the last change. */
  #soon(): void {
    if (this.#timer !== undefined) return;
    const wait = Math.max(0, this.#askedAt + PAUSE_MS - Date.now());
    this.#timer = setTimeout(() => void this.#ask(), wait);
  }

  async #ask(): Promise<void> {
    this.#timer = undefined;
    if (this.#isAsking) return this.#soon();
    this.#isAsking = true;
    this.#askedAt = Date.now();
    const { meeting, circuit, filters } = this.#options;
    // What is no number or no such word is the server's to refuse: its answer says what to write.
    const query = {
      ...(meeting && { meeting }),
      ...(circuit && { circuit }),
      ...filters,
    } as unknown as Query;
    try {
      this.board = ofAnswer(await ok(api.GET("/api/v1/leaderboard", { params: { query } })));
      this.problem = null;
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#isAsking = false;
    }
  }

  /** What was wrong with the question stays wrong; everything else may pass. */
  #failed(error: unknown): void {
    const problem = error instanceof ApiProblem ? error : null;
    const isOurs = problem !== null && problem.status >= 400 && problem.status < 500;
    if (isOurs) this.problem = problem;
    setTimeout(() => this.#soon(), AGAIN_MS);
  }
}
