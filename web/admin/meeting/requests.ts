/** The requests about the circuit of the meeting. */
import type { Attempt } from "../../office/action.svelte";
import { meetingData, type Meeting } from "../../office/meetingData.svelte";
import { api, ok } from "../../shared/api";

/** Hold the board at a circuit; null lets it follow the rigs. */
export async function setCircuit(
  meeting: Meeting,
  circuit: string | null,
  { current }: Attempt,
): Promise<void> {
  const body = { version: current?.version ?? meeting.version, circuit };
  const path = { meeting_id: meeting.id };
  meetingData.meeting.value = await ok(
    api.PATCH("/api/v1/meetings/{meeting_id}", { params: { path }, body }),
  );
}
