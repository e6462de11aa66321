/** The changes to rigs, as requests of the API; each throws an ApiProblem if the server refuses it. */
import type { Attempt } from "../../office/action.svelte";
import { meetingData, type Rig } from "../../office/meetingData.svelte";
import { api, ok } from "../../shared/api";

const withKey = ({ key }: Attempt) => ({ header: { "Idempotency-Key": key } });

/** Assign a driver to a rig, or none; from now on, or from one of its laps on. */
export async function assignDriver(
  rig: string,
  driverId: string | null,
  attempt: Attempt,
  fromLap?: string,
): Promise<void> {
  const body = { driver_id: driverId, ...(fromLap && { from_lap: fromLap }) };
  await ok(api.POST("/api/v1/rigs/{rig}/assign", { params: { path: { rig }, ...withKey(attempt) }, body }));
  meetingData.rigs.soon();
}

/** Join a rig into another one that is the same simulator. */
export async function joinRig(rig: Rig, into: string, { key, current }: Attempt): Promise<void> {
  const body = { into, version: current?.version ?? rig.version };
  const params = { path: { rig: rig.rig }, header: { "Idempotency-Key": key } };
  await ok(api.POST("/api/v1/rigs/{rig}/join", { params, body }));
  meetingData.readAll();
}

/** Make a joined rig a rig of its own again. */
export async function separateRig(actId: string): Promise<void> {
  await ok(api.POST("/api/v1/acts/{act_id}/undo", { params: { path: { act_id: actId } } }));
  meetingData.readAll();
}

export async function swapDrivers(rig: string, other: string, attempt: Attempt): Promise<void> {
  await ok(api.POST("/api/v1/rigs/swap", { params: withKey(attempt), body: { rigs: [rig, other] } }));
  meetingData.rigs.soon();
}

export async function setUsualDriver(rig: string, driverId: string | null): Promise<void> {
  const body = { driver_id: driverId };
  await ok(api.PUT("/api/v1/rigs/{rig}/default-driver", { params: { path: { rig } }, body }));
  meetingData.rigs.soon();
}

export async function updateRig(
  rig: Rig,
  changes: { name?: string | null; place?: number | null },
  { current }: Attempt,
): Promise<void> {
  const body = { version: current?.version ?? rig.version, ...changes };
  await ok(api.PATCH("/api/v1/rigs/{rig}", { params: { path: { rig: rig.rig } }, body }));
  meetingData.rigs.soon();
}
