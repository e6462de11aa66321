/** The changes to the queue, as requests of the API; each throws an ApiProblem if the server refuses it. */
import type { Attempt } from "../../office/action.svelte";
import { meetingData, type QueueEntry } from "../../office/meetingData.svelte";
import { api, ok } from "../../shared/api";

const withKey = ({ key }: Attempt) => ({ header: { "Idempotency-Key": key } });
const versionOf = (entry: QueueEntry, { current }: Attempt) => current?.version ?? entry.version;

export async function joinQueue(driverId: string, attempt: Attempt): Promise<void> {
  await ok(api.POST("/api/v1/queue", { params: withKey(attempt), body: { driver_id: driverId } }));
  meetingData.queue.soon();
}

/** Call the first driver of the queue to a rig. */
export async function callNext(rig: string, attempt: Attempt): Promise<QueueEntry> {
  const called = await ok(api.POST("/api/v1/queue/next", { params: withKey(attempt), body: { rig } }));
  meetingData.queue.soon();
  meetingData.rigs.soon();
  return called;
}

export async function updateQueueEntry(
  entry: QueueEntry,
  changes: { place?: number; state?: "waiting" | "done" },
  attempt: Attempt,
): Promise<void> {
  const body = { version: versionOf(entry, attempt), ...changes };
  await ok(api.PATCH("/api/v1/queue/{entry_id}", { params: { path: { entry_id: entry.id } }, body }));
  meetingData.queue.soon();
}

export async function leaveQueue(entry: QueueEntry, attempt: Attempt): Promise<void> {
  const query = { version: versionOf(entry, attempt) };
  await ok(api.DELETE("/api/v1/queue/{entry_id}", { params: { path: { entry_id: entry.id }, query } }));
  meetingData.queue.soon();
}
