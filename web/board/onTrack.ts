/** The rigs that are on track, and those that stopped sending: from the rows of the view `rigs`. */
import type { RigRow } from "../shared/rows";

const NAMED_WHILE_SILENT_MS = 10 * 60_000;

type RankOf = (id: string) => number;

/**
 * The rigs that send, or did a moment ago, in their order.
 *
 * @param rankOf where a rig stands in the order.
 */
export function onTrack(rigs: readonly RigRow[], rankOf: RankOf): RigRow[] {
  return inOrder(
    rigs.filter((rig) => rig.state === "live" || rig.state === "stale"),
    rankOf,
  );
}

/** The rigs that stopped sending in the last ten minutes, in their order. */
export function gone(rigs: readonly RigRow[], now: number, rankOf: RankOf): RigRow[] {
  return inOrder(
    rigs.filter((rig) => rig.state === "offline" && (rig.heard_at_ms ?? 0) > now - NAMED_WHILE_SILENT_MS),
    rankOf,
  );
}

function inOrder(rigs: RigRow[], rankOf: RankOf): RigRow[] {
  return rigs.sort(
    (rig, other) => Math.sign(rankOf(rig.id) - rankOf(other.id)) || (rig.id < other.id ? -1 : 1),
  );
}

/** The value that all live rigs share; null where they differ, or where no rig is live. */
export function sharedValue<T>(rigs: readonly RigRow[], valueOf: (rig: RigRow) => T | null): T | null {
  const values = rigs.filter((rig) => rig.state === "live").map(valueOf);
  const first = values[0] ?? null;
  return values.every((value) => value === first) ? first : null;
}
