/** The positions of all cars at the end of each lap. */
import { lapsDriven, placesAt, type ByLap, type Drive } from "./drives";

/** The line of each car: its grid position, if known, then its position at the end of each lap that it has ended. */
export function positionLines(drives: readonly Drive[]): Map<Drive, ByLap> {
  const places = Array.from({ length: lapsDriven(drives) }, (_, at) => placesAt(drives, at + 1));
  return new Map(
    drives.map((drive) => [
      drive,
      [drive.gridPosition, ...places.slice(0, drive.laps).map((place) => place.get(drive) ?? null)],
    ]),
  );
}
