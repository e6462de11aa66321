/**
 * How the TV page shows a new best lap: the row glows, a banner names it, and a new leader fills the screen briefly.
 *
 * At most five banners wait, about half a minute; laps beyond that are on the board anyway.
 */
import type { NewBest } from "./newBests";

export const GLOW_MS = 12_000;
const BANNER_MS = 8_000;
const BANNER_WHILE_OTHERS_WAIT_MS = 4_000;
const MOST_WAITING = 5;
export const NEW_LEADER_MS = 5_000;
const NEW_LEADER_EVERY_MS = 60_000;
const ANNOUNCE_EVERY_MS = 5_000;

interface Glow {
  readonly id: string;
  readonly timer: ReturnType<typeof setTimeout>;
}

export class Highlights {
  /** Ids of the rows that glow. */
  glowing = $state.raw<readonly string[]>([]);
  banner = $state.raw<NewBest | null>(null);
  newLeader = $state.raw<NewBest | null>(null);
  /** For screen readers: the banners, at most one in five seconds. */
  announced = $state.raw<NewBest | null>(null);
  #waiting: NewBest[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #glows: readonly Glow[] = [];
  #newLeaderAt = -Infinity;
  #announcedAt = -Infinity;

  show(bests: readonly NewBest[]): void {
    if (!bests.length) return;
    bests.forEach((best) => this.#glow(best.row.id));
    const first = bests.find(({ row }) => row.position === 1);
    if (first) this.#showNewLeader(first);
    this.#waiting = [...this.#waiting, ...bests].slice(-MOST_WAITING);
    if (!this.banner) this.#showNextBanner();
  }

  /** Remove everything, because another board is shown. */
  clear(): void {
    this.#glows.forEach(({ timer }) => clearTimeout(timer));
    this.#setGlows([]);
    clearTimeout(this.#timer);
    this.#waiting = [];
    this.banner = this.newLeader = null;
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
    this.glowing = glows.map(({ id }) => id);
  }

  #showNewLeader(best: NewBest): void {
    if (performance.now() - this.#newLeaderAt < NEW_LEADER_EVERY_MS) return;
    this.#newLeaderAt = performance.now();
    this.newLeader = best;
    setTimeout(() => {
      if (this.newLeader === best) this.newLeader = null;
    }, NEW_LEADER_MS);
  }

  #showNextBanner(): void {
    const best = this.#waiting.shift() ?? null;
    this.banner = best;
    if (!best) return;
    if (performance.now() - this.#announcedAt >= ANNOUNCE_EVERY_MS) {
      this.#announcedAt = performance.now();
      this.announced = best;
    }
    const shownFor = this.#waiting.length ? BANNER_WHILE_OTHERS_WAIT_MS : BANNER_MS;
    this.#timer = setTimeout(() => this.#showNextBanner(), shownFor);
  }
}
