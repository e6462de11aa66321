/** Text on a canvas. Figures get cells of equal width, because a canvas has no tabular figures. */
const FAMILY = '"Inter Variable", system-ui, "Segoe UI", Roboto, sans-serif';

export function font(weight: number, px: number): string {
  return `${weight} ${Math.round(px)}px ${FAMILY}`;
}

const widths = new Map<string, number>();

/** Draw figures whose middle is at `x`; only digits get equal cells. */
export function drawFigures(context: CanvasRenderingContext2D, text: string, x: number, y: number): void {
  let cell = widths.get(context.font);
  if (cell === undefined) {
    cell = context.measureText("0").width;
    widths.set(context.font, cell);
  }
  const isDigit = (letter: string) => letter >= "0" && letter <= "9";
  const letters = [...text];
  const parts = letters.map((letter) => (isDigit(letter) ? cell : context.measureText(letter).width));
  let left = x - parts.reduce((sum, part) => sum + part, 0) / 2;
  context.textAlign = "center";
  letters.forEach((letter, at) => {
    const width = parts[at] ?? 0;
    context.fillText(letter, left + width / 2, y);
    left += width;
  });
}

/** Fonts may load after the first drawing; then widths differ. */
export function forgetWidths(): void {
  widths.clear();
}
