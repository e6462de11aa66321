/** What the view `room` means for a screen: rigs that drive another circuit than the one whose board is shown. */
import type { View } from "../connection/protocol";
import type { RoomFacts, RoomRow } from "../rows";

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

function byRigs(view: View<RoomRow, RoomFacts> | null): RoomRow[] {
  return [...(view?.rows.values() ?? [])].sort(
    (row, other) => other.rigs - row.rigs || (row.circuit < other.circuit ? -1 : 1),
  );
}
