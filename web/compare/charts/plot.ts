/** One chart as uPlot draws it: the lines of all laps by distance, with the corners as light lines behind them. */
import uPlot from "uplot";
import type { Range } from "../address";
import type { Model } from "../model";
import type { ChartKind } from "./kinds";
import { DASHES, type Look } from "./look";
import { pathBuilder } from "./paths";

export interface PlotSetting {
  readonly kind: ChartKind;
  readonly model: Model;
  readonly look: Look;
  readonly width: number;
  readonly height: number;
  /** The part of the lap that is shown at first. */
  readonly range: Range;
  /** Whether the numbers of the corners are written above the chart. */
  readonly showsCorners: boolean;
  /** Whether distances are written below the chart. */
  readonly showsDistance: boolean;
  /** Called when it is drawn, a moment after it was created. */
  readonly onReady?: (plot: uPlot) => void;
  /** Called when a person points at a place, and when a part was selected with the mouse. */
  readonly onPoint?: (metres: number) => void;
  readonly onSelect?: (from: number, to: number) => void;
  readonly onReset?: () => void;
}

const LEFT_EM = 3.9;
const CORNERS_EM = 1.5;
const LEAST_DRAG_PX = 6;
const LEAST_DELTA_MS = 100;

/** The data of a chart: the places, then the values of each line. */
export function dataOf(model: Model, kind: ChartKind): uPlot.AlignedData {
  // uPlot only reads them: copies would take time.
  return [model.placesM, ...model.lines.map((line) => kind.values(line))] as uPlot.AlignedData;
}

/** The range of a chart, from its values; a delta has room on both sides of zero. */
export function rangeOf(kind: ChartKind, low: number | null, high: number | null): [number, number] {
  if (kind.range) return [...kind.range];
  const [least, most] = [low ?? 0, high ?? 0];
  if (kind.key !== "delta") return [Math.min(least, most - 40) - 8, most + 8];
  const room = Math.max(LEAST_DELTA_MS, most - Math.min(0, least)) * 0.08;
  return [Math.min(-LEAST_DELTA_MS / 2, least) - room, Math.max(LEAST_DELTA_MS / 2, most) + room];
}

/** Draw a chart into an element. */
export function drawPlot(host: HTMLElement, setting: PlotSetting): uPlot {
  const { kind, model, look, width, height, showsCorners, showsDistance } = setting;
  const [min, max] = setting.range;
  const font = `${look.em}px ${look.family}`;
  const axis = { stroke: look.text, font, ticks: { show: false }, gap: look.em * 0.4 };
  const grid = { stroke: look.grid, width: 1 };
  const paths = pathBuilder(kind.isStepped);
  return new uPlot(
    {
      width,
      height,
      legend: { show: false },
      padding: [
        look.em * (showsCorners ? CORNERS_EM : 0.5),
        look.em * 0.9,
        look.em * (showsDistance ? 0 : 0.5),
        0,
      ],
      scales: {
        x: { time: false, min, max, range: (_, low, high) => [low, high] },
        y: { range: (_, low, high) => rangeOf(kind, low, high) },
      },
      axes: [
        {
          ...axis,
          size: showsDistance ? look.em * 2 : 0,
          values: (_, marks) => marks.map((metres) => (showsDistance ? `${metres} m` : "")),
          space: look.em * 6,
          grid: { show: false },
        },
        {
          ...axis,
          grid,
          size: look.em * LEFT_EM,
          space: look.em * 1.7,
          ...(kind.marks && { splits: [...kind.marks] }),
          values: (_, marks) => marks.map(kind.mark),
        },
      ],
      series: [
        {},
        ...model.lines.map(({ index }) => ({
          stroke: look.colours[index] ?? look.text,
          width: 1.6,
          dash: [...(DASHES[index] ?? [])],
          points: { show: false },
          paths,
        })),
      ],
      cursor: {
        y: false,
        drag: { x: true, y: false, setScale: false, dist: LEAST_DRAG_PX },
        points: { size: 8 },
        bind: { dblclick: () => () => (setting.onReset?.(), null) },
      },
      hooks: {
        ready: [(plot) => setting.onReady?.(plot)],
        drawAxes: [(plot) => drawCorners(plot, setting)],
        setCursor: [
          (plot) => {
            const { left = -1 } = plot.cursor;
            if (left >= 0) setting.onPoint?.(plot.posToVal(left, "x"));
          },
        ],
        setSelect: [
          (plot) => {
            const { left, width: selected } = plot.select;
            plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            if (selected < LEAST_DRAG_PX) return;
            setting.onSelect?.(plot.posToVal(left, "x"), plot.posToVal(left + selected, "x"));
          },
        ],
      },
    },
    dataOf(model, kind),
    host,
  );
}

/** A light line at the apex of each corner, and its number above the first chart where there is room. */
function drawCorners(plot: uPlot, { model, look, showsCorners }: PlotSetting): void {
  const { ctx, bbox } = plot;
  const ratio = uPlot.pxRatio;
  ctx.save();
  ctx.strokeStyle = look.grid;
  ctx.fillStyle = look.text;
  ctx.lineWidth = ratio;
  ctx.font = `${look.em * ratio}px ${look.family}`;
  ctx.textAlign = "center";
  let free = -Infinity;
  for (const { apexM, number } of model.corners) {
    const x = Math.round(plot.valToPos(apexM, "x", true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const half = look.em * ratio * 0.75;
    if (!showsCorners || x - half < free) continue;
    ctx.fillText(String(number), x, bbox.top - look.em * ratio * 0.45);
    free = x + half;
  }
  ctx.restore();
}
