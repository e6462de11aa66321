/** The lock of the rigs, as requests of the API; each throws an ApiProblem if the server refuses it. */
import type { Attempt } from "../../../office/action.svelte";
import { api, ok, type Schemas } from "../../../shared/api";

export type RigLock = Schemas["RigLock"];
export type Stranger = Schemas["Stranger"];

export const readLock = () => ok(api.GET("/api/v1/rig-lock"));

/** Lock the rigs with the addresses that were heard, or unlock them. */
export function setLocked(lock: RigLock, isLocked: boolean, { current }: Attempt): Promise<RigLock> {
  const body = { version: current?.version ?? lock.version, is_locked: isLocked };
  return ok(api.PUT("/api/v1/rig-lock", { body }));
}

export function admit(address: string, { key }: Attempt): Promise<RigLock> {
  const params = { header: { "Idempotency-Key": key } };
  return ok(api.POST("/api/v1/rig-lock/addresses", { params, body: { address } }));
}

export async function remove(address: string): Promise<void> {
  await ok(api.DELETE("/api/v1/rig-lock/addresses/{address}", { params: { path: { address } } }));
}
