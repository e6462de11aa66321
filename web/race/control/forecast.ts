/** What the weather will be next. */
import type { ControlFacts } from "../../shared/rows";

export interface NextWeather {
  readonly minutes: number;
  readonly weather: string;
  /** Chance of rain in percent; null where the game does not say it. */
  readonly rain: number | null;
}

/** The first forecast that differs from the weather now; null if none does, or none is known. */
export function nextWeather(facts: ControlFacts): NextWeather | null {
  const samples = (facts.forecast ?? []) as readonly (readonly [number, string | null, number | null])[];
  const next = samples.find(([, weather]) => weather !== null && weather !== facts.weather);
  return next ? { minutes: next[0], weather: next[1] ?? "", rain: next[2] } : null;
}
