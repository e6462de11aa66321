/** The condition of a car in words and classes: tyres, damage, and switches such as the DRS. */
import { UNKNOWN } from "../../shared/format";
import type { CarRow } from "../../shared/rows";

export const WHEELS = ["fl", "fr", "rl", "rr"] as const;
export type Wheel = (typeof WHEELS)[number];

export const DAMAGE = [
  "front_left_wing",
  "front_right_wing",
  "floor",
  "sidepod",
  "engine",
  "gearbox",
  "diffuser",
  "rear_wing",
] as const;

export interface WheelState {
  /** Percent. */
  readonly wear: number | null;
  /** Degrees Celsius. */
  readonly surface: number | null;
  readonly inner: number | null;
  readonly brake: number | null;
}

export function wheelOf(car: CarRow, wheel: Wheel): WheelState {
  return {
    wear: car[`tyre_wear_${wheel}_pct`],
    // The game has not measured a tyre or a brake of 0 °C.
    surface: car[`tyre_surface_${wheel}_c`] || null,
    inner: car[`tyre_inner_${wheel}_c`] || null,
    brake: car[`brake_${wheel}_c`] || null,
  };
}

export type Damage = Readonly<Record<(typeof DAMAGE)[number], number | null>>;

export function damageOf(car: CarRow): Damage {
  return Object.fromEntries(DAMAGE.map((zone) => [zone, car[`${zone}_pct`]])) as Damage;
}

// Inside a tyre. The games state no window; it is a rough guide for slick tyres of all compounds.
const COLD_BELOW_C = 80;
const HOT_FROM_C = 110;

export function heatOf(innerC: number | null): "unknown" | "cold" | "right" | "hot" {
  if (innerC === null) return "unknown";
  return innerC < COLD_BELOW_C ? "cold" : innerC < HOT_FROM_C ? "right" : "hot";
}

export function percent(value: number | null | undefined): string {
  return value === null || value === undefined ? UNKNOWN : `${Math.round(value)} %`;
}

export function degrees(value: number | null): string {
  return value === null ? UNKNOWN : `${value}°`;
}

export type SwitchState = "on" | "ready" | "off";
export interface Switch {
  readonly name: "drs" | "aero" | "overtake" | "limiter";
  readonly state: SwitchState;
}

/** The switches that the car has, as far as the game says. */
export function switchesOf(car: CarRow, isDrsOpen: boolean): Switch[] {
  const state = (isOn: boolean, isReady: boolean | null): SwitchState =>
    isOn ? "on" : isReady ? "ready" : "off";
  const switches: Switch[] = [];
  if (car.drs !== null) switches.push({ name: "drs", state: state(isDrsOpen, car.drs_allowed) });
  if (car.aero !== null)
    switches.push({ name: "aero", state: state(car.aero === "straight", car.aero_available) });
  if (car.overtake_active !== null)
    switches.push({ name: "overtake", state: state(car.overtake_active, car.overtake_available) });
  if (car.is_limited !== null) switches.push({ name: "limiter", state: state(car.is_limited, false) });
  return switches;
}
