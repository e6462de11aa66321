/** Charts for tests: laps as text, one row per car. */
import type { Chart } from "./drives";

type Car = Chart["cars"][number];

/** A car of the game that has no result yet. */
function car(index: number, facts: Partial<Car> = {}): Car {
  return {
    car_index: index,
    name: `CAR ${index}`,
    driver: null,
    team: "Ferrari",
    race_number: index,
    is_ai: true,
    grid_position: null,
    position: null,
    status: null,
    ...facts,
  };
}

/**
 * A chart of cars by their lap times in seconds, from lap 1 on; null is a lap that is not known.
 *
 * @param crossed when the ends of laps were received, by car and from lap 1 on; null leaves them unknown.
 */
export function chartOf(
  times: readonly (readonly (number | null)[])[],
  { cars = [], crossed = [] }: { cars?: Partial<Car>[]; crossed?: (readonly (number | null)[])[] } = {},
): Chart {
  const laps = times.flatMap((row, index) =>
    row.flatMap((time, at) =>
      time === null ? [] : [{ index, number: at + 1, time, crossed: crossed[index]?.[at] ?? null }],
    ),
  );
  return {
    session_id: "s",
    track: "Monza",
    session_type: "Race",
    is_race: true,
    total_laps: 10,
    cars: times.map((_, index) => car(index, cars[index])),
    laps: {
      car_index: laps.map(({ index }) => index),
      lap_number: laps.map(({ number }) => number),
      lap_time_ms: laps.map(({ time }) => time * 1000),
      crossed_ms: laps.map((lap) => lap.crossed),
    },
    stints: { car_index: [], first_lap: [], last_lap: [], compound: [] },
    pit_visits: { car_index: [], lap_number: [] },
  };
}
