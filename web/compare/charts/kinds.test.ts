import { expect, it } from "vitest";
import { CHARTS, gearText, steeringText } from "./kinds";

const text = (key: string, value: number | null) => CHARTS.find((kind) => kind.key === key)?.text(value);

it("writes values with their units", () => {
  expect(text("delta", 213.6)).toBe("+0.214");
  expect(text("delta", -40)).toBe("−0.040");
  expect(text("speed", 298.6)).toBe("299 km/h");
  expect(text("throttle", 99.5)).toBe("100 %");
  expect([-1, 0, 7].map(gearText)).toEqual(["R", "N", "7"]);
  expect([-31, 0.2, 12].map(steeringText)).toEqual(["← 31 %", "0 %", "→ 12 %"]);
});

it("never writes an unknown value as zero", () => {
  expect(CHARTS.map((kind) => kind.text(null))).toEqual(CHARTS.map(() => "–"));
});

it("reads the channels of a line, which may be missing", () => {
  const line = { index: 0, deltaMs: [1], channels: { speed_kmh: [300] } };
  expect(CHARTS.map((kind) => kind.values(line))).toEqual([[1], [300], [], [], [], []]);
});
