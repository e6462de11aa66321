/** Links to the page that compares laps. From every lap time one press leads there. */
import { withPreferences } from "../preferences";

/** A lap against the best other one of its board. */
export function lapPath(id: string): string {
  return withPreferences(`/compare?lap=${encodeURIComponent(id)}`);
}

/** The lap of a car in a session with this time, as in live views, which have no ids of laps; null if one is not known. */
export function carLapPath(
  session: string | null | undefined,
  car: string | number | null | undefined,
  ms: number | null | undefined,
): string | null {
  if (!session || car === null || car === undefined || !ms) return null;
  return withPreferences(`/compare?session=${encodeURIComponent(session)}&car=${car}&time=${ms}`);
}

/**
 * The best lap of an entrant against that of the next one ahead.
 *
 * @param search the query of the page: its `meeting` and `circuit` choose the board; without them it is the current one.
 */
export function entrantPath(entrant: string, search: string = location.search): string {
  const query = new URLSearchParams(search);
  const board = ["meeting", "circuit"].flatMap((name) => {
    const value = query.get(name);
    return value ? [`&${name}=${encodeURIComponent(value)}`] : [];
  });
  return withPreferences(`/compare?entrant=${encodeURIComponent(entrant)}${board.join("")}`, search);
}
