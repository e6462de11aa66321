/** Where a board comes from: the live view, or for other boards the API, read again whenever laps change. */
import { onDestroy } from "svelte";
import { api, ApiProblem, ok } from "../shared/api";
import { follow, live } from "../shared/connection/live.svelte";
import type { operations } from "../shared/openapi";
import type { BoardFacts, BoardRow } from "../shared/rows";
import { boardOfAnswer, boardOfView, type Board } from "./leaderboard";
import { boardParameters, choosesOtherBoard, type Options } from "./options";

export interface BoardSource {
  /** Null until the server has sent it. */
  readonly board: Board | null;
  /** Why the server refuses the board; null if it does not. */
  readonly problem: ApiProblem | null;
}

type Query = NonNullable<operations["get_leaderboard"]["parameters"]["query"]>;

const CHANGES = new Set(["act_recorded", "laps_changed", "lap_official"]);
const PAUSE_MS = 1_000;
const RETRY_MS = 5_000;

/** The board that the options choose, until the component that calls this is destroyed. */
export function boardSource(options: Options): BoardSource {
  return choosesOtherBoard(options) ? new RequestedBoard(options) : new LiveBoard();
}

class LiveBoard implements BoardSource {
  readonly problem = null;
  readonly #view = follow<BoardRow, BoardFacts>("board");
  readonly board = $derived(boardOfView(this.#view.current));
}

class RequestedBoard implements BoardSource {
  board = $state.raw<Board | null>(null);
  problem = $state.raw<ApiProblem | null>(null);
  readonly #options: Options;
  #readAt = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isReading = false;
  #isOver = false;

  constructor(options: Options) {
    this.#options = options;
    const stop = live.onEvents(
      (event) => CHANGES.has(event.name) && this.#readSoon(),
      () => this.#readSoon(),
    );
    onDestroy(() => {
      stop();
      this.#isOver = true;
      clearTimeout(this.#timer);
    });
  }

  /** Read once a second at most, and always once after the last change. */
  #readSoon(): void {
    if (this.#timer !== undefined || this.#isOver) return;
    const wait = Math.max(0, this.#readAt + PAUSE_MS - Date.now());
    this.#timer = setTimeout(() => void this.#read(), wait);
  }

  async #read(): Promise<void> {
    this.#timer = undefined;
    if (this.#isReading) return this.#readSoon();
    this.#isReading = true;
    this.#readAt = Date.now();
    // Any text may stand in the address; the server refuses what it does not know.
    const query = boardParameters(this.#options) as unknown as Query;
    try {
      refuseOtherFormats(this.#options);
      this.board = boardOfAnswer(await ok(api.GET("/api/v1/leaderboard", { params: { query } })));
      this.problem = null;
    } catch (error) {
      this.#handleError(error);
    } finally {
      this.#isReading = false;
    }
  }

  /** A board that does not exist is said; any other error may pass. Both are tried again. */
  #handleError(error: unknown): void {
    if (error instanceof ApiProblem && [404, 422].includes(error.status)) this.problem = error;
    setTimeout(() => this.#readSoon(), RETRY_MS);
  }
}

/** Of the address of a screen, `format` is a packet format; for the API it may also be a format of the answer. */
function refuseOtherFormats({ filters: { format } }: Options): void {
  if (format && !/^\d+$/.test(format)) {
    throw new ApiProblem(422, { errors: [{ where: "query.format", message: format }] });
  }
}
