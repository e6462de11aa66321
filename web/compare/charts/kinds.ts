/** The charts of the page: what each shows, in which range, and how its values are written. */
import { delta, UNKNOWN } from "../../shared/format";
import type { Line, Values } from "../model";

export interface ChartKind {
  readonly key: "delta" | "speed" | "throttle" | "brake" | "gear" | "steering";
  /** Height against that of the others. */
  readonly share: number;
  /** The range of the values; null leaves it to the values. */
  readonly range: readonly [number, number] | null;
  /** The values that the axis names; null leaves them to the range. */
  readonly marks: readonly number[] | null;
  /** Whether values change in steps, as gears do. */
  readonly isStepped: boolean;
  readonly values: (line: Line) => Values;
  /** A value with its unit, as it is shown beside the chart. */
  readonly text: (value: number | null | undefined) => string;
  /** A value on the axis. */
  readonly mark: (value: number) => string;
}

const UNKNOWNS: Values = [];
const channel = (name: string) => (line: Line) => line.channels[name] ?? UNKNOWNS;

function whole(unit: string) {
  return (value: number | null | undefined) =>
    value === null || value === undefined ? UNKNOWN : `${Math.round(value)}${unit && ` ${unit}`}`;
}

/** A gear as the games show it: R, N, 1 to 8. */
export function gearText(value: number | null | undefined): string {
  if (value === null || value === undefined) return UNKNOWN;
  return value < 0 ? "R" : value === 0 ? "N" : String(value);
}

/** The side of the steering wheel as an arrow, and how far it is turned. */
export function steeringText(value: number | null | undefined): string {
  if (value === null || value === undefined) return UNKNOWN;
  const percent = Math.round(value);
  return percent === 0 ? "0 %" : `${percent < 0 ? "←" : "→"} ${Math.abs(percent)} %`;
}

export const CHARTS: readonly ChartKind[] = [
  {
    key: "delta",
    share: 1.5,
    range: null,
    marks: null,
    isStepped: false,
    values: (line) => line.deltaMs,
    text: (value) => delta(value === null || value === undefined ? null : Math.round(value)),
    mark: (value) => (value > 0 ? "+" : value < 0 ? "−" : "") + String(Math.abs(value) / 1000),
  },
  {
    key: "speed",
    share: 2,
    range: null,
    marks: null,
    isStepped: false,
    values: channel("speed_kmh"),
    text: whole("km/h"),
    mark: String,
  },
  {
    key: "throttle",
    share: 0.8,
    range: [-4, 104],
    marks: [0, 100],
    isStepped: false,
    values: channel("throttle_pct"),
    text: whole("%"),
    mark: String,
  },
  {
    key: "brake",
    share: 0.8,
    range: [-4, 104],
    marks: [0, 100],
    isStepped: false,
    values: channel("brake_pct"),
    text: whole("%"),
    mark: String,
  },
  {
    key: "gear",
    share: 0.8,
    range: [0.4, 8.8],
    marks: [4, 8],
    isStepped: true,
    values: channel("gear"),
    text: gearText,
    mark: String,
  },
  {
    key: "steering",
    share: 0.9,
    range: [-105, 105],
    marks: [-50, 0, 50],
    isStepped: false,
    values: channel("steer_pct"),
    text: steeringText,
    mark: (value) => String(value).replace("-", "−"),
  },
];
