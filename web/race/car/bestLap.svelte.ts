/** The lap that a car is compared with: the best of the person at the rig, as the board shows it. */
import { follow } from "../../shared/connection/live.svelte";
import type { BoardFacts, BoardRow, CarRow } from "../../shared/rows";

export type BestLap = Pick<BoardRow, "id" | "name" | "best_lap_ms" | "sector1_ms" | "sector2_ms">;

/** A difference and the moment that it belongs to. */
export interface Delta {
  readonly ms: number;
  readonly after: "sector1" | "sector2" | "last";
}

// Up to 2022 the games wrap a sector at 65.536 s. A sector that is much faster than the best is such a one.
const MOST_GAIN_MS = 30_000;

/** Follows the board until the component that creates it is destroyed. */
export class BestLaps {
  readonly #view = follow<BoardRow, BoardFacts>("board");

  /**
   * The best lap of the driver at a rig; null if there is none on the board, or the board is of another circuit.
   *
   * @param driver the id of the driver; null while nobody is assigned. Then it is the best lap of the rig.
   */
  of(rig: string, driver: string | null, circuit: string | null | undefined): BestLap | null {
    const board = this.#view.current;
    if (!board || !circuit || board.facts.circuit !== circuit) return null;
    return board.rows.get(driver === null ? `r:${rig}` : `d:${driver}`) ?? null;
  }
}

type Lap = Pick<CarRow, "sector" | "sector1_ms" | "sector2_ms" | "last_ms">;

/**
 * The newest difference to the best lap that was measured: after each sector, and in the first one that of the last lap.
 *
 * Nothing is estimated in between. Null where a time is not known.
 */
export function newestDelta(lap: Lap, best: BestLap | null): Delta | null {
  if (!best) return null;
  if (lap.sector === 3 && lap.sector2_ms && lap.sector1_ms) {
    return delta(lap.sector1_ms + lap.sector2_ms, sum(best.sector1_ms, best.sector2_ms), "sector2");
  }
  if (lap.sector === 2 && lap.sector1_ms) return delta(lap.sector1_ms, best.sector1_ms, "sector1");
  if (lap.sector === 1) return delta(lap.last_ms, best.best_lap_ms, "last");
  return null;
}

/** The difference of one sector of the running lap to that of the best lap. */
export function sectorDelta(ms: number | null, best: number | null | undefined): number | null {
  return delta(ms || null, best ?? null, "sector1")?.ms ?? null;
}

function delta(ms: number | null, best: number | null, after: Delta["after"]): Delta | null {
  if (ms === null || !ms || best === null || ms - best < -MOST_GAIN_MS) return null;
  return { ms: ms - best, after };
}

function sum(first: number | null, second: number | null): number | null {
  return first === null || second === null ? null : first + second;
}
