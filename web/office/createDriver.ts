/** A new driver from a name that was typed into a DriverPicker. */
import { api, ok } from "../shared/api";
import type { Attempt } from "./action.svelte";
import { meetingData } from "./meetingData.svelte";

/** Create a driver, and read the list of drivers again; the new id. */
export async function createDriver(name: string, { key }: Attempt): Promise<string> {
  const created = await ok(
    api.POST("/api/v1/drivers", {
      params: { header: { "Idempotency-Key": key } },
      body: { name, team: "", shows_name: true },
    }),
  );
  await meetingData.drivers.now();
  return created.id;
}
