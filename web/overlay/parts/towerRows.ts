/** The running order as the overlays use it. */
import { follow } from "../../shared/connection/live.svelte";
import { UNKNOWN } from "../../shared/format";
import type { TowerFacts, TowerRow } from "../../shared/rows";

/** Whether a rig's data are current enough for a stream. */
export function isCurrent(facts: TowerFacts): boolean {
  return facts.state === "live" || facts.state === "stale";
}

/** The person's name where it is known, else the name in the game. */
export function nameOf(row: TowerRow): string {
  return row.person ?? row.participant ?? UNKNOWN;
}

/** The rows by position. */
export function inOrder(rows: readonly TowerRow[]): TowerRow[] {
  return [...rows].sort((row, other) => row.position - other.position);
}

/** Two neighbours on the road. */
export interface Battle {
  readonly ahead: TowerRow;
  readonly behind: TowerRow;
  readonly gapMs: number;
}

const CLOSE_MS = 2_000;

/** The closest two cars, one of which a person drives where possible; null if no two are close. */
export function closestBattle(rows: readonly TowerRow[]): Battle | null {
  const order = inOrder(rows);
  const battles = order.flatMap((behind, at) => {
    const ahead = order[at - 1];
    if (!ahead || behind.interval_ms === null || behind.interval_ms > CLOSE_MS) return [];
    return [{ ahead, behind, gapMs: behind.interval_ms }];
  });
  const withPeople = battles.filter(({ ahead, behind }) => ahead.person !== null || behind.person !== null);
  const candidates = withPeople.length ? withPeople : battles;
  return candidates.sort((one, other) => one.gapMs - other.gapMs)[0] ?? null;
}

export const followTower = (rig: string) => follow<TowerRow, TowerFacts>(`tower:${rig}`);
