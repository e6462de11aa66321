/** The pages of a scene that has more of them than fit on a screen. */
import { onDestroy } from "svelte";

/** The page with which a scene begins when it appears again, by the name of the scene. Nothing is drawn from it. */
// eslint-disable-next-line svelte/prefer-svelte-reactivity
const goesOnWith = new Map<string, number>();

/** What was shown of a scene before it went. */
export interface Shown {
  readonly first: number;
  readonly last: number;
  /** How long the last page was shown. */
  readonly lastMs: number;
}

/** The page to go on with: the last one if it was cut short after another one, else the one after it. */
export function nextPage({ first, last, lastMs }: Shown, turnMs: number): number {
  return last > first && lastMs < turnMs / 2 ? last : last + 1;
}

export class Turning {
  /** Counts up; a scene with n pages shows page `turn % n`. The first time that the scene appears, it begins at 0. */
  turn = $state(0);

  /** Create it while a component is created; it ends with the component. */
  constructor(scene: string, turnMs: number) {
    const first = goesOnWith.get(scene) ?? 0;
    let since = Date.now();
    this.turn = first;
    const timer = setInterval(() => {
      this.turn += 1;
      since = Date.now();
    }, turnMs);
    onDestroy(() => {
      clearInterval(timer);
      goesOnWith.set(scene, nextPage({ first, last: this.turn, lastMs: Date.now() - since }, turnMs));
    });
  }
}
