/**
 * Plays the frames of a car smoothly: a little later than they arrive, at the pace of the game's clock.
 *
 * The network delivers frames unevenly, and a game sends 20 to 60 a second. Each frame gets the time at which it is
 * shown from the game's clock, and in between values are interpolated. Nothing is extrapolated: without newer frames the
 * last one stays.
 */
import type { Moment } from "./frames";

/** A frame and when it is shown, by the browser's clock. */
export interface Stamped {
  readonly at: number;
  readonly moment: Moment;
}

const KEPT_MS = 11_000;
const LARGEST_STEP_MS = 1_000;
// How far the time of a frame may be from its arrival before playback starts again.
const LARGEST_ERROR_MS = 200;
const PULL = 0.1;
const SMOOTHING = 0.05;
const LEAST_DELAY_MS = 40;
const MOST_DELAY_MS = 250;
const FIRST_INTERVAL_MS = 17;

export class Playback {
  /** The frames of the last ten seconds, the oldest first. */
  readonly frames: Stamped[] = [];
  #arrivedAt = 0;
  /** Real milliseconds per millisecond of the game. */
  #pace = 1;
  #intervalMs = FIRST_INTERVAL_MS;
  /** Index of the frame that was shown last: the search begins there. */
  #shown = 0;

  /** How much later than they arrive frames are shown: two intervals, so that the next one is there in time. */
  get delayMs(): number {
    return Math.min(MOST_DELAY_MS, Math.max(LEAST_DELAY_MS, 2 * this.#intervalMs + 8));
  }

  /** Forget everything, because another car is shown. */
  clear(): void {
    this.frames.length = 0;
    this.#shown = 0;
  }

  /** @param arrivedAt by the clock of `requestAnimationFrame`. */
  add(moment: Moment, arrivedAt: number): void {
    const at = this.#timeOf(moment, arrivedAt);
    this.#arrivedAt = arrivedAt;
    this.frames.push({ at, moment });
    let gone = 0;
    while (at - (this.frames[gone]?.at ?? at) > KEPT_MS) gone += 1;
    // In batches: removing the first of 600 frames 60 times a second would move them all each time.
    if (gone > 60) {
      this.frames.splice(0, gone);
      this.#shown = Math.max(0, this.#shown - gone);
    }
  }

  /** The car as it is shown at a time; null before the first frame. */
  moment(now: number): Moment | null {
    const due = now - this.delayMs;
    const { frames } = this;
    if (!frames.length) return null;
    let index = Math.min(this.#shown, frames.length - 1);
    while (index > 0 && (frames[index]?.at ?? 0) > due) index -= 1;
    while (index + 1 < frames.length && (frames[index + 1]?.at ?? 0) <= due) index += 1;
    this.#shown = index;
    const [before, after] = [frames[index], frames[index + 1]];
    if (!before) return null;
    if (!after || due <= before.at) return before.moment;
    return between(before.moment, after.moment, (due - before.at) / (after.at - before.at));
  }

  /** Whether all frames have been shown. */
  isOver(now: number): boolean {
    return (this.frames[this.frames.length - 1]?.at ?? 0) <= now - this.delayMs;
  }

  #timeOf(moment: Moment, arrivedAt: number): number {
    const last = this.frames[this.frames.length - 1];
    if (!last) return arrivedAt;
    const game = moment.gameMs - last.moment.gameMs;
    const real = arrivedAt - this.#arrivedAt;
    // A flashback, a pause, or a gap.
    if (game <= 0 || game > LARGEST_STEP_MS || real > LARGEST_STEP_MS)
      return Math.max(arrivedAt, last.at + 1);
    this.#pace += (Math.min(4, Math.max(0.02, real / game)) - this.#pace) * SMOOTHING;
    const interval = game * this.#pace;
    this.#intervalMs += (interval - this.#intervalMs) * SMOOTHING;
    const expected = last.at + interval;
    const error = arrivedAt - expected;
    const at = Math.abs(error) > LARGEST_ERROR_MS ? arrivedAt : expected + error * PULL;
    return Math.max(at, last.at + 1);
  }
}

function between(before: Moment, after: Moment, share: number): Moment {
  const mix = (from: number, to: number) => from + (to - from) * share;
  return {
    ...before,
    speedKmh: mix(before.speedKmh, after.speedKmh),
    rpm: mix(before.rpm, after.rpm),
    throttle: mix(before.throttle, after.throttle),
    brake: mix(before.brake, after.brake),
    clutch: mix(before.clutch, after.clutch),
    steer: mix(before.steer, after.steer),
  };
}
