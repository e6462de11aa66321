/** Laps of other servers, and the files in which laps go from one server to another. */
import { api, ApiProblem, ok, type Schemas } from "../api";
import { isImported } from "./lapFilePath";

type ImportedLap = Schemas["ImportedLap"];

/** What pages show of a lap, of this server or an imported one. */
export type ShownLap = Pick<
  Schemas["Lap"],
  "id" | "driver" | "participant" | "rig" | "circuit" | "lap_time_ms" | "is_valid" | "recorded_at"
> & {
  readonly meeting_id?: string | null;
  /** The event of the other server; undefined for a lap of this one. */
  readonly importedFrom?: string;
};

const MEDIA_TYPE = "application/vnd.f1timings.lap";
export const EXTENSION = ".f1lap";

/** An imported lap as pages show laps. */
function shownLap(lap: ImportedLap): ShownLap {
  return {
    id: lap.id,
    driver: lap.name,
    participant: null,
    rig: "",
    circuit: lap.circuit,
    lap_time_ms: lap.lap_time_ms,
    is_valid: lap.is_valid,
    recorded_at: lap.driven_at,
    importedFrom: lap.meeting ?? lap.venue ?? "",
  };
}

/** A lap of this server or an imported one; null if it does not exist. */
export async function readLap(id: string): Promise<ShownLap | null> {
  const params = { path: { lap_id: id } };
  try {
    if (isImported(id)) return shownLap(await ok(api.GET("/api/v1/imported-laps/{lap_id}", { params })));
    return await ok(api.GET("/api/v1/laps/{lap_id}", { params }));
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 404) return null;
    throw error;
  }
}

/** Import a lap file. */
export async function importLap(file: Blob): Promise<ShownLap> {
  const imported = await ok(
    api.POST("/api/v1/imported-laps", {
      // The file itself, which the types of the API describe as text.
      body: file as unknown as string,
      bodySerializer: (body: unknown) => body as Blob,
      headers: { "Content-Type": MEDIA_TYPE },
    }),
  );
  return shownLap(imported);
}

export const listImported = (): Promise<ShownLap[]> =>
  ok(api.GET("/api/v1/imported-laps")).then(({ items }) => items.map(shownLap));

export async function deleteImported(id: string): Promise<void> {
  await ok(api.DELETE("/api/v1/imported-laps/{lap_id}", { params: { path: { lap_id: id } } }));
}
