/** What marshals do, as calls of the API; each throws an ApiProblem where the server refuses. */
import { api, ok } from "../shared/api";
import type { Attempt, Current } from "./deed.svelte";
import { evening, type QueueEntry, type Rig } from "./evening.svelte";
import { laps, unclaimed, type Lap } from "./laps.svelte";

export interface Ruling {
  is_deleted?: boolean;
  is_valid?: boolean | null;
  driver_id?: string | null;
  time?: string;
  reason?: string;
}

const keyed = ({ key }: Attempt) => ({ header: { "Idempotency-Key": key } });
const version = (seen: number, current: Current | null) => current?.version ?? seen;

export async function assign(
  rig: string,
  driverId: string | null,
  attempt: Attempt,
  fromLap?: string,
): Promise<void> {
  const body = { driver_id: driverId, ...(fromLap && { from_lap: fromLap }) };
  await ok(api.POST("/api/v1/rigs/{rig}/assign", { params: { path: { rig }, ...keyed(attempt) }, body }));
  evening.rigs.soon();
}

export async function swap(one: string, other: string, attempt: Attempt): Promise<void> {
  await ok(api.POST("/api/v1/rigs/swap", { params: keyed(attempt), body: { rigs: [one, other] } }));
  evening.rigs.soon();
}

export async function setDefault(rig: string, driverId: string | null): Promise<void> {
  const body = { driver_id: driverId };
  await ok(api.PUT("/api/v1/rigs/{rig}/default-driver", { params: { path: { rig } }, body }));
  evening.rigs.soon();
}

export async function editRig(
  rig: Rig,
  facts: { name?: string | null; place?: number | null },
  { current }: Attempt,
): Promise<void> {
  const body = { version: version(rig.version, current), ...facts };
  await ok(api.PATCH("/api/v1/rigs/{rig}", { params: { path: { rig: rig.rig } }, body }));
  evening.rigs.soon();
}

export async function join(driverId: string, attempt: Attempt): Promise<void> {
  await ok(api.POST("/api/v1/queue", { params: keyed(attempt), body: { driver_id: driverId } }));
  evening.queue.soon();
}

export async function callNext(rig: string, attempt: Attempt): Promise<QueueEntry> {
  const called = await ok(api.POST("/api/v1/queue/next", { params: keyed(attempt), body: { rig } }));
  evening.queue.soon();
  evening.rigs.soon();
  return called;
}

export async function editQueue(
  entry: QueueEntry,
  facts: { place?: number; state?: "waiting" | "done" },
  { current }: Attempt,
): Promise<void> {
  const body = { version: version(entry.version, current), ...facts };
  await ok(api.PATCH("/api/v1/queue/{entry_id}", { params: { path: { entry_id: entry.id } }, body }));
  evening.queue.soon();
}

export async function leaveQueue(entry: QueueEntry, { current }: Attempt): Promise<void> {
  const query = { version: version(entry.version, current) };
  await ok(api.DELETE("/api/v1/queue/{entry_id}", { params: { path: { entry_id: entry.id }, query } }));
  evening.queue.soon();
}

/** Decide the same about laps as they were seen; those of a 409 as they are now. */
export async function rule(seen: readonly Lap[], ruling: Ruling, { current }: Attempt): Promise<void> {
  const revision = (lap: Lap) => {
    if (current?.id === lap.id && current.revision !== undefined) return current.revision;
    return current ? (laps.book.find(lap.id)?.revision ?? lap.revision) : lap.revision;
  };
  const [first] = seen;
  if (!first) return;
  if (seen.length === 1) {
    const body = { revision: revision(first), ...ruling };
    kept([await ok(api.PATCH("/api/v1/laps/{lap_id}", { params: { path: { lap_id: first.id } }, body }))]);
  } else {
    const body = { laps: seen.map((lap) => ({ id: lap.id, revision: revision(lap) })), ...ruling };
    kept((await ok(api.POST("/api/v1/laps/mark", { body }))).items);
  }
}

export async function makeDriver(name: string, { key }: Attempt): Promise<string> {
  const made = await ok(
    api.POST("/api/v1/drivers", {
      params: { header: { "Idempotency-Key": key } },
      body: { name, team: "", shows_name: true },
    }),
  );
  await evening.drivers.now();
  return made.id;
}

function kept(ruled: readonly Lap[]): void {
  laps.book.put(ruled);
  unclaimed.book.put(ruled);
}
