/** Race control of a rig's session, for the overlays. */
import { follow } from "../../shared/connection/live.svelte";
import type { ControlFacts, ControlRow } from "../../shared/rows";

export const followControl = (rig: string) => follow<ControlRow, ControlFacts>(`control:${rig}`);
