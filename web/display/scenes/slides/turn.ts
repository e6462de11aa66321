/** Which slide is shown: each for its own time, one after the other. */

export interface TimedSlide {
  readonly id: string;
  readonly name: string;
  readonly place: number;
  readonly shown_s: number;
}

/** The slides in the order in which they are shown. */
export function inOrder<T extends TimedSlide>(slides: readonly T[]): T[] {
  return [...slides].sort((one, other) => one.place - other.place || (one.id < other.id ? -1 : 1));
}

/** How long all slides together are shown, in milliseconds. */
export function lengthOf(slides: readonly TimedSlide[]): number {
  return slides.reduce((sum, { shown_s }) => sum + shown_s * 1000, 0);
}

/**
 * The slide to show; null without slides.
 *
 * @param slides in their order.
 * @param elapsed milliseconds since the first slide was shown; after the last one, the first comes again.
 */
export function slideAt<T extends TimedSlide>(slides: readonly T[], elapsed: number): T | null {
  let rest = elapsed % (lengthOf(slides) || 1);
  for (const slide of slides) {
    rest -= slide.shown_s * 1000;
    if (rest < 0) return slide;
  }
  return null;
}
