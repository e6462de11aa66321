/**
 * Plays the frames of a map smoothly: a little later than they arrive, at the pace of the game's clock.
 *
 * The network delivers frames unevenly. Each frame is shown at a time that follows from the game's clock, and cars move
 * evenly from one to the next. Nothing is extrapolated: without newer frames the cars stay where they are.
 */
import type { MapCar, MapFrame } from "./frames";

interface Stamped {
  readonly at: number;
  readonly frame: MapFrame;
}

const DELAY_MS = 110;
const KEPT = 12;
const LARGEST_STEP_MS = 1_000;
const LARGEST_ERROR_MS = 150;
const PULL = 0.1;
// Between two frames a car drives 10 m; what is further was moved by the game.
const FARTHEST_M = 60;

export class MapPlayback {
  readonly #frames: Stamped[] = [];

  /** @param arrivedAt by the clock of `requestAnimationFrame`. */
  add(frame: MapFrame, arrivedAt: number): void {
    this.#frames.push({ at: this.#timeOf(frame, arrivedAt), frame });
    if (this.#frames.length > KEPT) this.#frames.shift();
  }

  /** The cars as they are shown at a time; none before the first frame. */
  cars(now: number): readonly MapCar[] {
    const due = now - DELAY_MS;
    const frames = this.#frames;
    let index = frames.length - 1;
    while (index > 0 && (frames[index]?.at ?? 0) > due) index -= 1;
    const [before, after] = [frames[index], frames[index + 1]];
    if (!before) return [];
    if (!after || due <= before.at) return before.frame.cars;
    return between(before.frame, after.frame, (due - before.at) / (after.at - before.at));
  }

  /** The cars in the newest frame. */
  get newest(): readonly MapCar[] {
    return this.#frames[this.#frames.length - 1]?.frame.cars ?? [];
  }

  /** Whether all frames have been shown. */
  isOver(now: number): boolean {
    return (this.#frames[this.#frames.length - 1]?.at ?? 0) <= now - DELAY_MS;
  }

  #timeOf(frame: MapFrame, arrivedAt: number): number {
    const last = this.#frames[this.#frames.length - 1];
    if (!last) return arrivedAt;
    const game = frame.gameMs - last.frame.gameMs;
    const expected = last.at + game;
    const error = arrivedAt - expected;
    // A flashback, a pause or a gap.
    const isStep = game > 0 && game <= LARGEST_STEP_MS && Math.abs(error) <= LARGEST_ERROR_MS;
    return Math.max(isStep ? expected + error * PULL : arrivedAt, last.at + 1);
  }
}

function between(before: MapFrame, after: MapFrame, share: number): MapCar[] {
  const earlier = new Map(before.cars.map((car) => [car.id, car]));
  return after.cars.map((car) => {
    const from = earlier.get(car.id);
    return from ? mix(from, car, share) : car;
  });
}

function mix(from: MapCar, to: MapCar, share: number): MapCar {
  const isMoved = Math.hypot(to.x - from.x, to.z - from.z) > FARTHEST_M;
  // At the line the lap distance begins again; a car that is moved is shown where it is now.
  const isLapMoved = Math.abs(to.lapM - from.lapM) > FARTHEST_M;
  const value = (a: number, b: number, jumps: boolean) => (jumps ? b : a + (b - a) * share);
  return {
    ...to,
    x: value(from.x, to.x, isMoved),
    z: value(from.z, to.z, isMoved),
    lapM: value(from.lapM, to.lapM, isLapMoved),
  };
}
