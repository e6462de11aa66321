/** A marshal's decision about laps, as a request of the API. */
import type { Attempt } from "../../office/action.svelte";
import { api, ok } from "../../shared/api";
import { lapList, unclaimedLaps, type Lap } from "./lapLists.svelte";

export interface LapDecision {
  is_deleted?: boolean;
  is_valid?: boolean | null;
  driver_id?: string | null;
  time?: string;
  reason?: string;
}

/**
 * Make the same decision about laps.
 *
 * @param laps as the page showed them to the marshal; after a 409, as they are now.
 * @throws ApiProblem if the server refuses it.
 */
export async function markLaps(
  laps: readonly Lap[],
  decision: LapDecision,
  { current }: Attempt,
): Promise<void> {
  const revisionOf = (lap: Lap) => {
    if (current?.id === lap.id && current.revision !== undefined) return current.revision;
    return current ? (lapList.laps.find(lap.id)?.revision ?? lap.revision) : lap.revision;
  };
  const [first] = laps;
  if (!first) return;
  if (laps.length === 1) {
    const body = { revision: revisionOf(first), ...decision };
    store([await ok(api.PATCH("/api/v1/laps/{lap_id}", { params: { path: { lap_id: first.id } }, body }))]);
  } else {
    const body = { laps: laps.map((lap) => ({ id: lap.id, revision: revisionOf(lap) })), ...decision };
    store((await ok(api.POST("/api/v1/laps/mark", { body }))).items);
  }
}

function store(laps: readonly Lap[]): void {
  lapList.laps.add(laps);
  unclaimedLaps.laps.add(laps);
}
