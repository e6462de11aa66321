/** The comparison as a picture to share: who, which times, the delta and the speed by distance. */
import type uPlot from "uplot";
import type { Range } from "../address";
import type { Model } from "../model";
import { CHARTS, type ChartKind } from "./kinds";
import { DASHES, readLook, type Look } from "./look";
import { drawPlot } from "./plot";

export interface PictureLap {
  /** Index of the lap on the page. */
  readonly index: number;
  readonly letter: string;
  readonly name: string;
  readonly time: string;
  /** To the reference; empty for the reference. */
  readonly difference: string;
}

export interface Picture {
  readonly model: Model;
  readonly range: Range;
  readonly title: string;
  readonly laps: readonly PictureLap[];
  /** The name of a chart. */
  readonly nameOf: (kind: ChartKind) => string;
  /** Below the charts: where the picture is from. */
  readonly foot: string;
}

// CSS pixels. A screen with more pixels makes a picture with more pixels.
const WIDTH = 1200;
const EM = 17;
const EDGE = 36;
const LINE = 40;
const CHART_PX = 160;
const SHOWN = new Set<ChartKind["key"]>(["delta", "speed"]);
const FORBIDDEN = /[^\p{L}\p{N} .-]+/gu;

/** The name of the file: the circuit and the drivers, without what file systems refuse. */
export function fileNameOf(title: string, names: readonly string[]): string {
  const words = [title, ...names].map((word) => word.replace(FORBIDDEN, " ").replace(/ +/g, " ").trim());
  return `${words.filter((word) => word).join(" - ") || "laps"}.png`;
}

/** Draw the picture. */
export async function drawPicture(picture: Picture): Promise<Blob> {
  const look = { ...readLook(), em: EM };
  const kinds = CHARTS.filter(({ key }) => SHOWN.has(key) && (key !== "delta" || picture.laps.length > 1));
  const plots = kinds.map((kind) => plotOf(picture, kind, look, kind === kinds[kinds.length - 1]));
  // uPlot draws a moment after it is created.
  await new Promise(requestAnimationFrame);
  const top = EDGE + LINE * (picture.laps.length + 1.6);
  const height = plots.reduce((sum, plot) => sum + LINE + plot.height, top) + LINE + EDGE / 2;
  const canvas = document.createElement("canvas");
  const ratio = (plots[0]?.ctx.canvas.width ?? WIDTH) / (WIDTH - 2 * EDGE);
  [canvas.width, canvas.height] = [Math.round(WIDTH * ratio), Math.round(height * ratio)];
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("this browser draws no pictures");
  pen.scale(ratio, ratio);
  pen.fillStyle = look.ground;
  pen.fillRect(0, 0, WIDTH, height);
  drawHead(pen, picture, look);
  let y = top;
  plots.forEach((plot, at) => {
    write(pen, kinds[at] ? picture.nameOf(kinds[at]) : "", EDGE, y + EM, { look, weight: 650 });
    pen.drawImage(plot.ctx.canvas, EDGE, y + LINE * 0.6, plot.width, plot.height);
    y += LINE + plot.height;
    plot.destroy();
  });
  write(pen, picture.foot, EDGE, height - EDGE * 0.7, { look, colour: look.text });
  return new Promise((done, fail) =>
    canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("the picture is empty")))),
  );
}

/** Give the picture to the apps of a phone, or to the downloads of the browser. */
export async function sharePicture(blob: Blob, name: string): Promise<void> {
  const file = new File([blob], name, { type: blob.type });
  // Browsers know it on https only, old ones not at all.
  const isTouched = matchMedia("(pointer: coarse)").matches;
  if (isTouched && "canShare" in navigator && navigator.canShare({ files: [file] })) {
    await navigator.share({ files: [file] });
    return;
  }
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  [link.href, link.download] = [address, name];
  link.click();
  URL.revokeObjectURL(address);
}

function plotOf({ model, range }: Picture, kind: ChartKind, look: Look, isLast: boolean): uPlot {
  return drawPlot(document.createElement("div"), {
    kind,
    model,
    look,
    range,
    width: WIDTH - 2 * EDGE,
    height: CHART_PX * kind.share,
    showsCorners: kind.key === "delta" || model.lines.length < 2,
    showsDistance: isLast,
  });
}

function drawHead(pen: CanvasRenderingContext2D, { title, laps }: Picture, look: Look): void {
  write(pen, title, EDGE, EDGE + LINE * 0.5, { look, size: 2, weight: 740 });
  laps.forEach((lap, row) => {
    const y = EDGE + LINE * (row + 1.7);
    const colour = look.colours[lap.index] ?? look.title;
    pen.strokeStyle = colour;
    pen.lineWidth = 3;
    pen.setLineDash([...(DASHES[lap.index] ?? [])]);
    pen.beginPath();
    pen.moveTo(EDGE, y - EM * 0.35);
    pen.lineTo(EDGE + 60, y - EM * 0.35);
    pen.stroke();
    pen.setLineDash([]);
    write(pen, lap.letter, EDGE + 78, y, { look, size: 1.3, weight: 740 });
    write(pen, lap.name, EDGE + 112, y, { look, size: 1.3, weight: 600, most: 560 });
    write(pen, lap.time, EDGE + 700, y, { look, size: 1.3, weight: 740 });
    write(pen, lap.difference, EDGE + 860, y, { look, size: 1.3 });
  });
}

interface Style {
  readonly look: Look;
  readonly size?: number;
  readonly weight?: number;
  readonly colour?: string;
  /** A longer text is made narrower. */
  readonly most?: number;
}

function write(
  pen: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  { look, size = 1, weight = 450, colour = look.title, most = WIDTH - 2 * EDGE }: Style,
): void {
  pen.fillStyle = colour;
  pen.font = `${weight} ${size * EM}px ${look.family}`;
  pen.fillText(text, x, y, most);
}
