/** A row of the view `rigs`, and what is read from it for a card. */
import type { Row } from "../../shared/connection/protocol";

export interface RigRow extends Row {
  readonly state: string | null;
  readonly heard_at_ms: number | null;
  readonly format: number | null;
  readonly game_year: number | null;
  readonly datagrams_per_s: number | null;
  readonly track: string | null;
  readonly session_type: string | null;
  readonly is_paused: boolean | null;
  readonly flag: string | null;
  readonly clock_zero_ms: number | null;
  readonly clock_stands_at_ms: number | null;
  readonly lap: number | null;
  readonly lap_start_ms: number | null;
  readonly last_ms: number | null;
  readonly best_ms: number | null;
  readonly is_invalid: boolean | null;
  readonly driving: string | null;
}

/** How long the lap under way takes so far; null while its clock stands or nobody knows. */
export function runningMs(row: RigRow | undefined, now: number): number | null {
  if (!row || row.state !== "live" || row.clock_zero_ms === null || row.lap_start_ms === null) return null;
  const running = now - row.clock_zero_ms - row.lap_start_ms;
  return running >= 0 ? running : null;
}

/** `F1 25`, as the game calls itself. */
export function gameName(year: number | null | undefined): string {
  return year ? `F1 ${String(year).padStart(2, "0")}` : "";
}
