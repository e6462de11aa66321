/** The tyres of all cars: a strip per car, with a part for each stint. */
import type { Chart, Drive } from "./drives";

export interface StintPart {
  /** Null for tyres without a letter here, and where the game does not say. */
  readonly compound: Compound | null;
  /** The first and the last lap, both included. */
  readonly from: number;
  readonly to: number;
}

export interface Strip {
  readonly drive: Drive;
  readonly parts: readonly StintPart[];
  /** Pit visits; null if the first laps were not received. */
  readonly visits: number | null;
  /** The laps with a pit visit after which no other stint began, as for a drive-through penalty. */
  readonly withoutChange: readonly number[];
}

export type Compound = "soft" | "medium" | "hard" | "intermediate" | "wet";

const COMPOUNDS: Readonly<Record<string, Compound>> = {
  "super soft": "soft",
  soft: "soft",
  medium: "medium",
  hard: "hard",
  intermediate: "intermediate",
  wet: "wet",
};

/** The strips in the order of `drives`. Laps whose tyres are not known, and those not driven yet, stay free. */
export function stripsOf(chart: Chart, drives: readonly Drive[]): Strip[] {
  const { car_index: cars, lap_number: laps } = chart.pit_visits;
  return drives.map((drive) => {
    const parts = partsOf(chart.stints, drive);
    const visits = laps.filter((_, at) => cars[at] === drive.car);
    return {
      drive,
      parts,
      visits: parts[0]?.from === 1 ? visits.length : null,
      withoutChange: visits.filter((lap) => lap <= drive.laps && !beginsAfter(chart.stints, drive.car, lap)),
    };
  });
}

/** Whether a stint began with a pit visit: tyres that are changed behind the line count from the lap after the next. */
function beginsAfter(
  { car_index: cars, first_lap: firsts }: Chart["stints"],
  car: number,
  lap: number,
): boolean {
  return firsts.some((first, at) => cars[at] === car && (first === lap + 1 || first === lap + 2));
}

function partsOf(stints: Chart["stints"], { car, laps }: Drive): StintPart[] {
  return stints.car_index
    .flatMap((of, at) => {
      const from = stints.first_lap[at] ?? null;
      if (of !== car || from === null) return [];
      const compound = COMPOUNDS[stints.compound[at] ?? ""] ?? null;
      return [{ compound, from, to: Math.min(stints.last_lap[at] ?? laps, laps) }];
    })
    .filter(({ from, to }) => to >= from)
    .sort((part, other) => part.from - other.from);
}
