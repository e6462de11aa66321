/** The line of a lap in a chart: points that would change no pixel are left out, because each one costs time. */
import type uPlot from "uplot";

type Pen = Pick<Path2D, "moveTo" | "lineTo">;
type Column = ArrayLike<number | null | undefined>;

/** What is drawn, and where: the columns have a value for each place. */
interface Drawn {
  readonly places: ArrayLike<number>;
  readonly values: Column;
  /** The first and the last index to draw. */
  readonly from: number;
  readonly to: number;
  /** Whether values change in steps. */
  readonly isStepped: boolean;
  /** The pixel of a place, from left to right, and of a value. */
  readonly x: (place: number) => number;
  readonly y: (value: number) => number;
}

/**
 * Draw a line over whole pixels, with gaps where values are not known.
 *
 * Of the points in one column of pixels, the first, the lowest, the highest and the last are drawn, so that no peak
 * is lost. Of a level line, its ends are drawn.
 */
export function drawLine(pen: Pen, { places, values, from, to, isStepped, x: xOf, y: yOf }: Drawn): void {
  // The column of pixels with the newest points, which is not drawn yet: there is none after a gap.
  let [hasColumn, column, first, last, top, bottom] = [false, 0, 0, 0, 0, 0];
  // Where the drawn line ends. A level line goes on from there to `levelX`, which is not drawn yet.
  let [isOpen, endX, endY, levelX] = [false, 0, 0, 0];

  function goTo(y: number): void {
    if (isOpen && y === endY) {
      levelX = column;
      return;
    }
    drawLevel();
    if (isOpen) pen.lineTo(column, y);
    else pen.moveTo(column, y);
    isOpen = true;
    endX = levelX = column;
    endY = y;
  }
  function drawLevel(): void {
    if (isOpen && levelX !== endX) pen.lineTo(levelX, endY);
    endX = levelX;
  }
  function drawColumn(): void {
    if (!hasColumn) return;
    goTo(first);
    if (bottom !== first && bottom !== last) goTo(bottom);
    if (top !== first && top !== last) goTo(top);
    goTo(last);
  }
  function end(): void {
    drawColumn();
    drawLevel();
    hasColumn = isOpen = false;
  }

  for (let at = from; at <= to; at++) {
    const value = values[at];
    if (value === null || value === undefined) {
      end();
      continue;
    }
    const x = xOf(places[at] ?? 0);
    const y = yOf(value);
    if (!hasColumn || x !== column) {
      const before = last;
      drawColumn();
      column = x;
      first = top = bottom = isStepped && hasColumn ? before : y;
      hasColumn = true;
    }
    if (y < top) top = y;
    if (y > bottom) bottom = y;
    last = y;
  }
  end();
}

/** How uPlot draws the line of a series; `isStepped` draws steps between the values. */
export function pathBuilder(isStepped: boolean): uPlot.Series.PathBuilder {
  return ({ bbox, data, scales }, index, from, to) => {
    const stroke = new Path2D();
    const [left, right] = [scales["x"]?.min ?? 0, scales["x"]?.max ?? 1];
    const [low, high] = [scales["y"]?.min ?? 0, scales["y"]?.max ?? 1];
    drawLine(stroke, {
      ...{ places: data[0], values: data[index] ?? [], from, to, isStepped },
      x: (place) => Math.round(bbox.left + bbox.width * ((place - left) / (right - left))),
      y: (value) => Math.round(bbox.top + bbox.height * (1 - (value - low) / (high - low))),
    });
    return { stroke, fill: null, clip: null };
  };
}
