/** What the view `room` means for a screen: rigs that drive another circuit than the one whose board is shown. */
import type { View } from "../connection/protocol";
import { t } from "../language/words";
import type { RoomFacts, RoomRow } from "../rows";

const MOST_NAMED = 2;

/** The circuits that rigs drive while nobody drives the one that a person holds; the one with most rigs first. */
export function drivenInstead(view: View<RoomRow, RoomFacts> | null): readonly string[] {
  const rows = byRigs(view);
  if (!view?.facts.held || rows.some((row) => row.is_shown)) return [];
  return rows.map((row) => row.circuit);
}

/** The circuit with most rigs among those that are not shown, while the board follows the rigs; null if none. */
export function drivenBesides(view: View<RoomRow, RoomFacts> | null): RoomRow | null {
  if (view?.facts.held) return null;
  return byRigs(view).find((row) => !row.is_shown) ?? null;
}

/** The circuit that more rigs drive than the one that a person holds, which some rigs drive; null if there is none. */
export function drivenMore(view: View<RoomRow, RoomFacts> | null): RoomRow | null {
  const [most] = byRigs(view);
  const held = view?.facts.held ? byRigs(view).find((row) => row.is_shown) : undefined;
  return most && held && most.rigs > held.rigs ? most : null;
}

/** The names of circuits for a notice, which must stay short on a TV: two of them, and that there are others. */
export function nameCircuits(circuits: readonly string[]): string {
  const named = circuits.slice(0, MOST_NAMED).join(", ");
  return circuits.length > MOST_NAMED ? t("state.elsewhere.others", { circuits: named }) : named;
}

function byRigs(view: View<RoomRow, RoomFacts> | null): RoomRow[] {
  return [...(view?.rows.values() ?? [])].sort(
    (row, other) => other.rigs - row.rigs || (row.circuit < other.circuit ? -1 : 1),
  );
}
