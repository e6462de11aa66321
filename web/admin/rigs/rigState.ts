/** What the card of a rig says of its telemetry: of its row in the view `rigs`, while this page is connected. */
import type { Rig } from "../../office/meetingData.svelte";
import { live } from "../../shared/connection/live.svelte";
import type { RigRow } from "../../shared/rows";

/** `unknown`: this page is not connected, so that nobody here knows whether the rig sends. */
export type RigState = RigRow["state"] | "unknown";

/** The state of a rig now. The row is newer than the list of rigs, which is read every few seconds. */
export function stateOf(rig: Rig, row: RigRow | undefined): RigState {
  if (live.status.state !== "live") return "unknown";
  return row?.state ?? (rig.is_live ? "live" : "offline");
}

/** The hints that fit the state of a rig: none says that no data arrives while data arrives, or while nobody knows. */
export function hintsOf(rig: Rig, state: RigState): Rig["hints"] {
  const isSilent = state !== "live" && state !== "unknown";
  return rig.hints.filter((hint) => hint !== "no_data" || isSilent);
}

/** The name of the game, such as `F1 25`. */
export function gameName(year: number | null | undefined): string {
  return year ? `F1 ${String(year).padStart(2, "0")}` : "";
}
