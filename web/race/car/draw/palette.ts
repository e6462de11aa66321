/** The colours of the drawings, from the styles of the page, so that a theme changes both. */
export interface Palette {
  readonly text: string;
  readonly quiet: string;
  readonly track: string;
  readonly edge: string;
  readonly throttle: string;
  readonly brake: string;
  readonly limit: string;
  /** The rev lights from left to right: a colour for each third. */
  readonly lights: readonly [string, string, string];
}

/** The palette of an element, which changes with the theme. */
export function paletteOf(element: Element): Palette {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    text: colour("text"),
    quiet: colour("quiet"),
    track: colour("track"),
    edge: colour("edge"),
    throttle: colour("throttle"),
    brake: colour("brake"),
    limit: colour("limit"),
    lights: [colour("light-1"), colour("light-2"), colour("light-3")],
  };
}
