/** The drawn charts below each other: the same part of the lap, one cursor. Those on the screen are drawn first. */
import type uPlot from "uplot";
import type { Range } from "../address";
import { afterPaint } from "../afterPaint";

export interface ChartPlace {
  readonly host: HTMLElement;
  /** CSS pixels. */
  readonly height: number;
  /** Draws the chart with this part of the lap; calls `onReady` when it is drawn. */
  readonly draw: (range: Range, onReady: (plot: uPlot) => void) => uPlot;
}

interface Shown {
  readonly range: Range;
  /** The place of the cursor, metres; null without a cursor. */
  readonly at: number | null;
}

interface Options {
  /** The font of the axes, as CSS has it. */
  readonly font: string;
  /** Called when the charts on the screen are drawn. */
  readonly onDrawn: () => void;
}

export class ChartStack {
  #plots: uPlot[] = [];
  #shown: Shown;
  #isDestroyed = false;
  readonly #font: string;

  constructor(places: readonly ChartPlace[], shown: Shown, { font, onDrawn }: Options) {
    this.#shown = shown;
    this.#font = font;
    const tops = topsOf(places);
    for (const { host, height } of places) host.style.height = `${height}px`;
    const isFirst = (index: number) => (tops[index] ?? 0) < innerHeight;
    this.#draw(places.filter((_, index) => isFirst(index)));
    // uPlot draws in microtasks, which come before this one.
    queueMicrotask(onDrawn);
    const others = places.filter((_, index) => !isFirst(index));
    if (others.length) afterPaint(() => this.#draw(others));
  }

  /** A chart that is drawn; null before there is one. */
  get first(): uPlot | null {
    return this.#plots[0] ?? null;
  }

  show(shown: Shown): void {
    const [from, to] = this.#shown.range;
    const isMoved = shown.range[0] !== from || shown.range[1] !== to;
    this.#shown = shown;
    for (const plot of this.#plots) {
      const [min, max] = shown.range;
      if (isMoved) plot.batch(() => plot.setScale("x", { min, max }));
      this.#showCursor(plot);
    }
  }

  destroy(): void {
    this.#isDestroyed = true;
    for (const plot of this.#plots) plot.destroy();
    this.#plots = [];
  }

  #draw(places: readonly ChartPlace[]): void {
    if (this.#isDestroyed) return;
    const { range } = this.#shown;
    const drawn = places.map(({ draw }) => draw(range, (plot) => this.#showCursor(plot)));
    this.#plots.push(...drawn);
    // Text that was drawn before the font came has another one.
    if (!document.fonts.check(this.#font)) void document.fonts.ready.then(() => this.#redraw(drawn));
  }

  #redraw(plots: readonly uPlot[]): void {
    if (!this.#isDestroyed) for (const plot of plots) plot.redraw(false, true);
  }

  #showCursor(plot: uPlot): void {
    const { range, at } = this.#shown;
    // The scales of a chart that is not drawn yet are not known.
    if (plot.status === 0) return;
    const isShown = at !== null && at >= range[0] && at <= range[1];
    const left = isShown ? plot.valToPos(at, "x") : -10;
    plot.setCursor({ left, top: isShown ? 1 : -10 }, false);
  }
}

/** Where the charts will begin in the window once each has its height, CSS pixels. */
function topsOf(places: readonly ChartPlace[]): number[] {
  let added = 0;
  return places.map(({ host, height }) => {
    const box = host.getBoundingClientRect();
    const top = box.top + added;
    added += height - box.height;
    return top;
  });
}
