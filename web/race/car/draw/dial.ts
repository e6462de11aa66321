/** The dial: rev lights, engine speed as an arc, gear and speed in the middle, pedals beside it, steering below. */
import type { Moment } from "../motion/frames";
import { drawFigures, font } from "./figures";
import type { Palette } from "./palette";
import type { Surface } from "./surface";

const LIGHTS = 15;
const THIRD = LIGHTS / 3;
const RAD = Math.PI / 180;
// The arc is open at the bottom, where the steering is. Angles grow clockwise from the right.
const START = 138 * RAD;
const END = 402 * RAD;
const STEER_MIDDLE = 90 * RAD;
const STEER_REACH = 38 * RAD;
const DEFAULT_MAX_RPM = 13_000;
const LIMIT = 0.96;

/** What the labels of the pedals say. */
export interface DialWords {
  readonly throttle: string;
  readonly brake: string;
  readonly clutch: string;
  readonly speedUnit: string;
}

interface Shape {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly stroke: number;
  readonly lampsY: number;
  readonly lampRadius: number;
  readonly lampStep: number;
  readonly barWidth: number;
  readonly barTop: number;
  readonly barHeight: number;
}

function shapeOf(width: number, height: number): Shape {
  const radius = Math.min(height * 0.405, width * 0.285);
  const lampRadius = Math.min(height * 0.04, width * 0.0245);
  const lampsY = lampRadius * 1.5;
  const free = height - lampsY - lampRadius * 2;
  const y = lampsY + lampRadius * 2 + Math.max(radius * 1.04, free / 2);
  return {
    x: width / 2,
    y,
    radius,
    stroke: radius * 0.1,
    lampsY,
    lampRadius,
    lampStep: lampRadius * 2.55,
    barWidth: radius * 0.21,
    barTop: y - radius * 0.72,
    barHeight: radius * 1.4,
  };
}

/** What does not move, drawn once for each size, theme and engine. */
class Background {
  readonly canvas = document.createElement("canvas");
  #key = "";

  draw(surface: Surface, shape: Shape, palette: Palette, words: DialWords, maxRpm: number): void {
    const key = `${surface.version} ${surface.width} ${surface.height} ${maxRpm} ${palette.text} ${palette.track}`;
    if (key === this.#key) return;
    this.#key = key;
    this.canvas.width = surface.width;
    this.canvas.height = surface.height;
    const context = this.canvas.getContext("2d");
    if (!context) return;
    drawScale(context, shape, palette, maxRpm);
    drawPedalTracks(context, shape, palette, words);
  }
}

export class Dial {
  readonly #background = new Background();
  readonly #surface: Surface;
  readonly #words: DialWords;

  constructor(surface: Surface, words: DialWords) {
    this.#surface = surface;
    this.#words = words;
  }

  /** @param maxRpm at which the engine is limited; null where the game does not say. */
  draw(moment: Moment | null, palette: Palette, maxRpm: number | null): void {
    const surface = this.#surface;
    const { context, width, height } = surface;
    if (!width || !height) return;
    const shape = shapeOf(width, height);
    const most = maxRpm ?? DEFAULT_MAX_RPM;
    this.#background.draw(surface, shape, palette, this.#words, most);
    context.clearRect(0, 0, width, height);
    context.drawImage(this.#background.canvas, 0, 0);
    drawLights(context, shape, palette, moment);
    drawNumbers(context, shape, palette, moment, this.#words.speedUnit);
    if (!moment) return;
    drawRpm(context, shape, palette, moment.rpm / most);
    drawPedals(context, shape, palette, moment);
    drawSteering(context, shape, palette, moment.steer);
  }
}

function drawScale(context: CanvasRenderingContext2D, shape: Shape, palette: Palette, maxRpm: number): void {
  const { x, y, radius, stroke } = shape;
  arc(context, shape, START, END, palette.track, stroke);
  arc(context, shape, angleOf(LIMIT), END, palette.limit, stroke * 0.3, radius + stroke * 0.75);
  arc(context, shape, STEER_MIDDLE - STEER_REACH, STEER_MIDDLE + STEER_REACH, palette.track, stroke * 0.55);
  context.fillStyle = palette.quiet;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.font = font(640, radius * 0.11);
  const inner = radius - stroke * 1.85;
  for (let thousand = 0; thousand * 1_000 <= maxRpm; thousand += 1) {
    const angle = angleOf((thousand * 1_000) / maxRpm);
    context.fillText(String(thousand), x + Math.cos(angle) * inner, y + Math.sin(angle) * inner);
  }
  drawTicks(context, shape, palette, maxRpm);
  context.fillStyle = palette.edge;
  context.fillRect(x - stroke * 0.05, y + radius - stroke * 0.45, stroke * 0.1, stroke * 0.9);
}

/** A tick inside the arc at each 500 revolutions, longer ones at full thousands. */
function drawTicks(context: CanvasRenderingContext2D, shape: Shape, palette: Palette, maxRpm: number): void {
  const { x, y, radius, stroke } = shape;
  const outer = radius - stroke * 0.72;
  context.strokeStyle = palette.edge;
  context.lineWidth = Math.max(1, stroke * 0.1);
  context.beginPath();
  for (let rpm = 0; rpm <= maxRpm; rpm += 500) {
    const angle = angleOf(rpm / maxRpm);
    const inner = outer - stroke * (rpm % 1_000 ? 0.22 : 0.42);
    context.moveTo(x + Math.cos(angle) * outer, y + Math.sin(angle) * outer);
    context.lineTo(x + Math.cos(angle) * inner, y + Math.sin(angle) * inner);
  }
  context.stroke();
}

function drawPedalTracks(
  context: CanvasRenderingContext2D,
  shape: Shape,
  palette: Palette,
  words: DialWords,
): void {
  context.font = font(650, shape.radius * 0.115);
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const [side, label] of [
    ["throttle", words.throttle],
    ["brake", words.brake],
    ["clutch", words.clutch],
  ] as const) {
    const { left, width } = barOf(shape, side);
    context.fillStyle = palette.track;
    context.fillRect(left, shape.barTop, width, shape.barHeight);
    context.fillStyle = palette.quiet;
    context.fillText(label, left + width / 2, shape.barTop + shape.barHeight + shape.radius * 0.05);
  }
}

function barOf(shape: Shape, side: "throttle" | "brake" | "clutch"): { left: number; width: number } {
  const { x, radius, stroke, barWidth } = shape;
  const reach = radius + stroke * 2.4;
  if (side === "throttle") return { left: x + reach, width: barWidth };
  if (side === "brake") return { left: x - reach - barWidth, width: barWidth };
  return { left: x - reach - barWidth * 2.1, width: barWidth * 0.5 };
}

function drawLights(
  context: CanvasRenderingContext2D,
  shape: Shape,
  palette: Palette,
  moment: Moment | null,
): void {
  const bits = moment ? moment.revLights || bitsOf(moment.revLightsPct) : 0;
  for (let at = 0; at < LIGHTS; at += 1) {
    const isOn = (bits >> at) & 1;
    context.beginPath();
    context.arc(
      shape.x + (at - (LIGHTS - 1) / 2) * shape.lampStep,
      shape.lampsY,
      shape.lampRadius * (isOn ? 1 : 0.82),
      0,
      2 * Math.PI,
    );
    context.fillStyle = isOn ? (palette.lights[Math.floor(at / THIRD)] ?? palette.text) : palette.track;
    context.fill();
  }
}

/** The lights of formats without bits: from the left, as many as the share says. */
function bitsOf(percent: number): number {
  return (1 << Math.round((Math.min(100, percent) / 100) * LIGHTS)) - 1;
}

function drawNumbers(
  context: CanvasRenderingContext2D,
  shape: Shape,
  palette: Palette,
  moment: Moment | null,
  unit: string,
): void {
  const { x, y, radius } = shape;
  context.textBaseline = "middle";
  context.fillStyle = palette.text;
  context.font = font(800, radius * 0.98);
  drawFigures(context, moment ? gearName(moment.gear) : "–", x, y - radius * 0.17);
  context.font = font(740, radius * 0.4);
  drawFigures(context, moment ? String(Math.round(moment.speedKmh)) : "–", x, y + radius * 0.45);
  context.font = font(600, radius * 0.12);
  context.fillStyle = palette.quiet;
  context.textAlign = "center";
  context.fillText(unit, x, y + radius * 0.71);
}

/** A gear as drivers call it: R, N, 1 … 8. */
export function gearName(gear: number): string {
  return gear < 0 ? "R" : gear === 0 ? "N" : String(gear);
}

function drawRpm(context: CanvasRenderingContext2D, shape: Shape, palette: Palette, share: number): void {
  const shown = Math.min(1, Math.max(0, share));
  arc(context, shape, START, angleOf(shown), shown >= LIMIT ? palette.limit : palette.text, shape.stroke);
}

function drawPedals(
  context: CanvasRenderingContext2D,
  shape: Shape,
  palette: Palette,
  { throttle, brake, clutch }: Moment,
): void {
  context.textAlign = "center";
  context.textBaseline = "bottom";
  context.font = font(720, shape.radius * 0.165);
  for (const [side, value, colour] of [
    ["throttle", throttle, palette.throttle],
    ["brake", brake, palette.brake],
    ["clutch", clutch, palette.quiet],
  ] as const) {
    const { left, width } = barOf(shape, side);
    const share = Math.min(1, Math.max(0, value || 0));
    const filled = shape.barHeight * share;
    context.fillStyle = colour;
    context.fillRect(left, shape.barTop + shape.barHeight - filled, width, filled);
    if (side === "clutch") continue;
    context.fillStyle = palette.text;
    const text = Number.isNaN(value) ? "–" : String(Math.round(share * 100));
    drawFigures(context, text, left + width / 2, shape.barTop - shape.radius * 0.04);
  }
}

function drawSteering(
  context: CanvasRenderingContext2D,
  shape: Shape,
  palette: Palette,
  steer: number,
): void {
  if (Number.isNaN(steer)) return;
  const angle = STEER_MIDDLE - Math.min(1, Math.max(-1, steer)) * STEER_REACH;
  const [from, to] = angle < STEER_MIDDLE ? [angle, STEER_MIDDLE] : [STEER_MIDDLE, angle];
  arc(context, shape, from, to, palette.quiet, shape.stroke * 0.55);
  context.beginPath();
  context.arc(
    shape.x + Math.cos(angle) * shape.radius,
    shape.y + Math.sin(angle) * shape.radius,
    shape.stroke * 0.62,
    0,
    2 * Math.PI,
  );
  context.fillStyle = palette.text;
  context.fill();
}

function angleOf(share: number): number {
  return START + (END - START) * share;
}

function arc(
  context: CanvasRenderingContext2D,
  shape: Shape,
  from: number,
  to: number,
  colour: string,
  stroke: number,
  radius = shape.radius,
): void {
  context.beginPath();
  context.arc(shape.x, shape.y, radius, from, to);
  context.strokeStyle = colour;
  context.lineWidth = stroke;
  context.stroke();
}
