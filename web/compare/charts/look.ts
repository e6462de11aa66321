/** The colours, fonts and dashes of the charts, as the theme of the page has them. */

export interface Look {
  /** Of each lap. */
  readonly colours: readonly string[];
  readonly grid: string;
  readonly text: string;
  readonly ground: string;
  readonly title: string;
  /** The size of the text of axes, CSS pixels. */
  readonly em: number;
  readonly family: string;
}

/** Line dashes by lap, so that colour is not the only difference; the first lap is solid. */
export const DASHES: readonly (readonly number[])[] = [[], [9, 3], [4, 3], [11, 3, 2, 3]];

/** The look of the page as it is now. */
export function readLook(root: HTMLElement = document.documentElement): Look {
  const style = getComputedStyle(root);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    colours: [1, 2, 3, 4].map((number) => colour(`lap-${number}`)),
    grid: colour("line"),
    text: colour("quiet"),
    ground: colour("surface"),
    title: colour("text"),
    // uPlot scales whole numbers only for screens with more pixels.
    em: Math.max(11, Math.round(parseFloat(style.fontSize) * 0.78)),
    family: style.fontFamily,
  };
}
