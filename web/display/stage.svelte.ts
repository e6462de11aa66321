/**
 * What is made of a new best lap: its row glows, a line tells it, a new leader gets the screen for a moment.
 *
 * Nothing waits for long: what could not be told within half a minute stands on the board anyway.
 */
import type { NewBest } from "./changes";

export const GLOW_MS = 12_000;
const TOLD_MS = 8_000;
const TOLD_IN_A_HURRY_MS = 4_000;
const MOST_WAITING = 5;
export const TAKE_OVER_MS = 5_000;
const TAKE_OVER_EVERY_MS = 60_000;
const SPOKEN_EVERY_MS = 5_000;

interface Glow {
  readonly id: string;
  readonly timer: ReturnType<typeof setTimeout>;
}

export class Stage {
  /** Ids of rows with a new best lap. */
  fresh = $state.raw<readonly string[]>([]);
  told = $state.raw<NewBest | null>(null);
  leader = $state.raw<NewBest | null>(null);
  /** For ears: the same, seldom enough to be listened to. */
  spoken = $state.raw<NewBest | null>(null);
  #waiting: NewBest[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #glows: readonly Glow[] = [];
  #tookOverAt = -Infinity;
  #spokeAt = -Infinity;

  /** Tell these. */
  tell(bests: readonly NewBest[]): void {
    if (!bests.length) return;
    bests.forEach((best) => this.#glow(best.row.id));
    const first = bests.find(({ row }) => row.position === 1);
    if (first) this.#takeOver(first);
    this.#waiting = [...this.#waiting, ...bests].slice(-MOST_WAITING);
    if (!this.told) this.#next();
  }

  /** Another board: nothing of the old one is told any more. */
  clear(): void {
    this.#glows.forEach(({ timer }) => clearTimeout(timer));
    this.#setGlows([]);
    clearTimeout(this.#timer);
    this.#waiting = [];
    this.told = this.leader = null;
  }

  #glow(id: string): void {
    const others = this.#glows.filter((glow) => {
      if (glow.id === id) clearTimeout(glow.timer);
      return glow.id !== id;
    });
    const timer = setTimeout(() => this.#setGlows(this.#glows.filter((glow) => glow.id !== id)), GLOW_MS);
    this.#setGlows([...others, { id, timer }]);
  }

  #setGlows(glows: readonly Glow[]): void {
    this.#glows = glows;
    this.fresh = glows.map(({ id }) => id);
  }

  #takeOver(best: NewBest): void {
    if (performance.now() - this.#tookOverAt < TAKE_OVER_EVERY_MS) return;
    this.#tookOverAt = performance.now();
    this.leader = best;
    setTimeout(() => {
      if (this.leader === best) this.leader = null;
    }, TAKE_OVER_MS);
  }

  #next(): void {
    const best = this.#waiting.shift() ?? null;
    this.told = best;
    if (!best) return;
    if (performance.now() - this.#spokeAt >= SPOKEN_EVERY_MS) {
      this.#spokeAt = performance.now();
      this.spoken = best;
    }
    this.#timer = setTimeout(() => this.#next(), this.#waiting.length ? TOLD_IN_A_HURRY_MS : TOLD_MS);
  }
}
