/** Two fingers on a chart: the places under them stay under them. */

/** A part of the lap, metres. */
type Range = readonly [number, number];

/**
 * The part of the lap after two fingers have moved; it may leave the lap.
 *
 * @param range the part when the fingers came down.
 * @param before where they came down, as shares of the width of the chart.
 * @param after where they are now.
 */
export function pinched(range: Range, before: Range, after: Range): Range {
  const width = range[1] - range[0];
  const [one, other] = before.map((share) => range[0] + share * width) as [number, number];
  const spread = after[1] - after[0];
  // Fingers at one place, or crossed, say nothing.
  if (Math.abs(spread) < LEAST_SHARE || spread > 0 !== before[1] - before[0] > 0) return range;
  const metres = (other - one) / spread;
  const from = one - after[0] * metres;
  return [from, from + metres];
}

const LEAST_SHARE = 0.02;
