/** What each car of a race has driven, lap by lap, and the order in which the cars ended a lap. */
import type { Schemas } from "../../shared/api";
import { shortName } from "../map/labels";

export type Chart = Schemas["Chart"];
type Car = Chart["cars"][number];

/** A value for each lap, by its number; 0 is the start. Null is not known. */
export type ByLap = readonly (number | null)[];

export interface Drive {
  readonly car: number;
  /** Short enough for the end of a line. */
  readonly name: string;
  /** A person of the room, or another person in the game; not a car of the game. */
  readonly isPerson: boolean;
  readonly team: string | null;
  /** Whether it ended before the flag; false while that is not known. */
  readonly isOut: boolean;
  readonly gridPosition: number | null;
  readonly laps: number;
  /** From the start of the race to the end of each lap. */
  readonly elapsedMs: ByLap;
  /** When the server received the end of each lap; good for the order only. */
  readonly crossedMs: ByLap;
}

const NOT_OUT = new Set(["finished", "active"]);

/** The drives of all cars that have driven a lap, or whose place on the grid is known. */
export function drivesOf(chart: Chart): Drive[] {
  const laps = lapsByCar(chart.laps);
  return chart.cars.flatMap((car) => {
    const [times, crossed] = laps.get(car.car_index) ?? [[0], [null]];
    return times.length > 1 || car.grid_position ? [driveOf(car, times, crossed)] : [];
  });
}

function driveOf(car: Car, times: ByLap, crossedMs: ByLap): Drive {
  const isPerson = car.driver !== null || !car.is_ai;
  const fallback = car.race_number === null ? `#${car.car_index + 1}` : String(car.race_number);
  return {
    car: car.car_index,
    name: shortName(car.driver ?? car.name, isPerson, fallback),
    isPerson,
    team: car.team,
    isOut: car.status !== null && !NOT_OUT.has(car.status),
    gridPosition: car.grid_position || null,
    laps: times.length - 1,
    elapsedMs: sums(times),
    crossedMs,
  };
}

/** The time and the end of each lap, by car. */
function lapsByCar(laps: Chart["laps"]): Map<number, [(number | null)[], (number | null)[]]> {
  const byCar = new Map<number, [(number | null)[], (number | null)[]]>();
  laps.car_index.forEach((car, at) => {
    const [times, crossed] = byCar.get(car) ?? [[0], [null]];
    const number = laps.lap_number[at] ?? 0;
    while (times.length <= number) {
      times.push(null);
      crossed.push(null);
    }
    times[number] = laps.lap_time_ms[at] ?? null;
    crossed[number] = laps.crossed_ms[at] ?? null;
    byCar.set(car, [times, crossed]);
  });
  return byCar;
}

function sums(values: ByLap): ByLap {
  let sum: number | null = 0;
  return values.map((value) => (sum = sum === null || value === null ? null : sum + value));
}

/**
 * The place of each car that ended a lap, in the order in which the cars did. None has one if the order is not known;
 * cars with equal times have none.
 *
 * The order is that of the times since the start. If one of them is not known, as after joining late, it is the order in
 * which the ends of the lap were received.
 */
export function placesAt(drives: readonly Drive[], lap: number): Map<Drive, number> {
  const there = drives.filter(({ laps }) => laps >= lap);
  const elapsed = (drive: Drive) => drive.elapsedMs[lap] ?? null;
  const crossed = (drive: Drive) => drive.crossedMs[lap] ?? null;
  if (isKnown(there, elapsed)) return rank(there, [elapsed, crossed]);
  return isKnown(there, crossed) ? rank(there, [crossed]) : new Map();
}

type Value = (drive: Drive) => number | null;

function isKnown(drives: readonly Drive[], value: Value): boolean {
  return drives.every((drive) => value(drive) !== null);
}

function rank(drives: readonly Drive[], values: readonly Value[]): Map<Drive, number> {
  const compare = (a: Drive, b: Drive) =>
    values.map((value) => (value(a) ?? 0) - (value(b) ?? 0)).find((difference) => difference !== 0) ?? 0;
  const sorted = [...drives].sort(compare);
  const isTied = (drive: Drive, at: number) =>
    [sorted[at - 1], sorted[at + 1]].some((other) => other && compare(drive, other) === 0);
  return new Map(sorted.flatMap((drive, at) => (isTied(drive, at) ? [] : [[drive, at + 1]])));
}

/** The cars as they are now: by laps, then in the order of their last lap; those that are out come last. */
export function standing(drives: readonly Drive[]): Drive[] {
  const place = (drive: Drive) => placesAt(drives, drive.laps).get(drive) ?? drives.length;
  return drives
    .map((drive) => ({ drive, place: place(drive) }))
    .sort(
      (a, b) =>
        Number(a.drive.isOut) - Number(b.drive.isOut) || b.drive.laps - a.drive.laps || a.place - b.place,
    )
    .map(({ drive }) => drive);
}

/** The number of the newest lap that any car has ended; 0 before. */
export function lapsDriven(drives: readonly Drive[]): number {
  return Math.max(0, ...drives.map(({ laps }) => laps));
}
