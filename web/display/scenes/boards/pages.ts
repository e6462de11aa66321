/** The pages of the scene: boards of other circuits at this meeting, and the best laps of one circuit over time. */

/** A board that has laps, as in `/api/v1/boards`. */
export interface KnownBoard {
  readonly meeting_id: string;
  readonly circuit: string;
  readonly last_lap_at: string;
}

/** A place on a board, as in `/api/v1/leaderboard`. */
export interface Place {
  readonly entrant: string;
  /** Null where it is not known. */
  readonly name: string | null;
  readonly lap_id: string;
  readonly best_lap_ms: number;
  readonly set_at: string;
}

export interface Page {
  readonly kind: "tonight" | "today" | "month" | "ever";
  readonly circuit: string;
  readonly places: readonly Place[];
}

/** More meetings than that are not read for "all time", because each is a request. */
const MOST_MEETINGS = 40;

/** The boards that the pages need, the newest first. */
export function neededBoards(boards: readonly KnownBoard[], meeting: string, circuit: string): KnownBoard[] {
  const others = boards.filter((board) => board.meeting_id === meeting && board.circuit !== circuit);
  return [...others, ...boards.filter((board) => board.circuit === circuit).slice(0, MOST_MEETINGS)];
}

/**
 * The pages that have laps.
 *
 * A span of time whose laps are the same as those of the span before has no page of its own.
 *
 * @param read the boards with their places.
 * @param now server time.
 */
export function pagesOf(
  read: readonly (KnownBoard & { readonly places: readonly Place[] })[],
  circuit: string,
  now: number,
): Page[] {
  const others = read.filter((board) => board.circuit !== circuit);
  const laps = read.filter((board) => board.circuit === circuit).flatMap(({ places }) => places);
  const pages: Page[] = others.map((board) => ({
    kind: "tonight",
    circuit: board.circuit,
    places: board.places,
  }));
  let before = 0;
  for (const [kind, since] of spans(new Date(now))) {
    const within = laps.filter(({ set_at }) => Date.parse(set_at) >= since);
    if (within.length > before) pages.push({ kind, circuit, places: fastest(within) });
    before = within.length;
  }
  return pages.filter(({ places }) => places.length > 0);
}

/** When each span began; days and months are those of the screen's clock. */
function spans(now: Date): [Page["kind"], number][] {
  return [
    ["today", new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime()],
    ["month", new Date(now.getFullYear(), now.getMonth(), 1).getTime()],
    ["ever", -Infinity],
  ];
}

/** The fastest lap of each entrant, the fastest first; of equal laps the earlier one. */
function fastest(laps: readonly Place[]): Place[] {
  const best = new Map<string, Place>();
  const sorted = [...laps].sort(
    (one, other) => one.best_lap_ms - other.best_lap_ms || (one.set_at < other.set_at ? -1 : 1),
  );
  for (const lap of sorted) if (!best.has(lap.entrant)) best.set(lap.entrant, lap);
  return [...best.values()];
}
