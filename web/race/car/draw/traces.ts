/** The last ten seconds: throttle and brake as areas, speed and steering as lines. */
import type { Stamped } from "../motion/playback";
import { font } from "./figures";
import type { Palette } from "./palette";
import type { Surface } from "./surface";

export const SPAN_MS = 10_000;
const MOST_KMH = 360;
// A longer break between two frames is a gap in the line.
const LONGEST_STEP_MS = 500;
const SPEED_SHARE = 0.4;

type ValueOf = (frame: Stamped) => number;
interface Lane {
  readonly top: number;
  readonly height: number;
}

/** Draw what was shown until `now`: the newest at the right edge. */
export function drawTraces(
  surface: Surface,
  frames: readonly Stamped[],
  now: number,
  palette: Palette,
): void {
  const { context, width, height } = surface;
  if (!width || !height) return;
  context.clearRect(0, 0, width, height);
  const gap = height * 0.06;
  const upper = { top: gap / 2, height: height * SPEED_SHARE - gap };
  const lower = { top: height * SPEED_SHARE + gap / 2, height: height * (1 - SPEED_SHARE) - gap };
  drawGrid(context, surface, [upper, lower], palette);
  const first = firstIndex(frames, now - SPAN_MS);
  const x = (frame: Stamped) => width * (1 - (now - frame.at) / SPAN_MS);
  const lane = { frames, first, now, x };
  drawArea(context, lane, lower, palette.throttle, ({ moment }) => moment.throttle);
  drawArea(context, lane, lower, palette.brake, ({ moment }) => moment.brake);
  context.lineWidth = Math.max(2, height * 0.016);
  context.strokeStyle = palette.text;
  strokeLine(context, lane, upper, ({ moment }) => moment.speedKmh / MOST_KMH);
  context.strokeStyle = palette.quiet;
  strokeLine(context, lane, lower, ({ moment }) => 0.5 - moment.steer / 2);
}

interface Trace {
  readonly frames: readonly Stamped[];
  readonly first: number;
  readonly now: number;
  readonly x: (frame: Stamped) => number;
}

function firstIndex(frames: readonly Stamped[], from: number): number {
  let [low, high] = [0, frames.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((frames[middle]?.at ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

function drawGrid(
  context: CanvasRenderingContext2D,
  { width, height }: Surface,
  lanes: readonly Lane[],
  palette: Palette,
): void {
  context.fillStyle = palette.track;
  for (const lane of lanes) {
    context.fillRect(0, lane.top + lane.height, width, Math.max(1, height * 0.006));
  }
  context.fillStyle = palette.quiet;
  context.font = font(560, height * 0.1);
  context.textAlign = "left";
  context.textBaseline = "top";
  for (let second = 2; second < SPAN_MS / 1000; second += 2) {
    const x = width * (1 - (second * 1000) / SPAN_MS);
    context.globalAlpha = 0.25;
    context.fillRect(x, 0, Math.max(1, height * 0.004), height);
    context.globalAlpha = 1;
    context.fillText(`−${second} s`, x + height * 0.03, 0);
  }
}

function drawArea(
  context: CanvasRenderingContext2D,
  trace: Trace,
  lane: Lane,
  colour: string,
  value: ValueOf,
): void {
  const bottom = lane.top + lane.height;
  context.beginPath();
  runs(
    trace,
    (frame, isFirst, before) => {
      const y = bottom - lane.height * clamp(value(frame));
      if (isFirst) {
        if (before) context.lineTo(trace.x(before), bottom);
        context.moveTo(trace.x(frame), bottom);
      }
      context.lineTo(trace.x(frame), y);
    },
    (last) => context.lineTo(trace.x(last), bottom),
  );
  context.fillStyle = colour;
  context.globalAlpha = 0.28;
  context.fill();
  context.globalAlpha = 1;
  context.strokeStyle = colour;
  context.lineWidth = Math.max(2, lane.height * 0.025);
  strokeLine(context, trace, lane, value);
}

function strokeLine(context: CanvasRenderingContext2D, trace: Trace, lane: Lane, value: ValueOf): void {
  const bottom = lane.top + lane.height;
  context.beginPath();
  runs(trace, (frame, isFirst) => {
    const y = bottom - lane.height * clamp(value(frame));
    if (isFirst) context.moveTo(trace.x(frame), y);
    else context.lineTo(trace.x(frame), y);
  });
  context.stroke();
}

/** Visit the frames that have been shown; a frame after a gap is the first of a new line. */
function runs(
  { frames, first, now }: Trace,
  visit: (frame: Stamped, isFirst: boolean, before: Stamped | null) => void,
  end?: (last: Stamped) => void,
): void {
  let before: Stamped | null = null;
  for (let at = first; at < frames.length; at += 1) {
    const frame = frames[at];
    if (!frame || frame.at > now) break;
    visit(frame, before === null || frame.at - before.at > LONGEST_STEP_MS, before);
    before = frame;
  }
  if (before) end?.(before);
}

function clamp(value: number): number {
  return value > 0 ? Math.min(1, value) : 0;
}
