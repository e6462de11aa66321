/** The server's time as state, looked at so and so often: what depends on it is drawn anew then, nothing else. */
import { live } from "../shared/live.svelte";

class Ticker {
  now = $state(live.serverNow());

  constructor(everyMs: number) {
    setInterval(() => (this.now = live.serverNow()), everyMs);
  }
}

/** For the clock and for "how long ago". */
export const seconds = new Ticker(1_000);
/** For laps under way. */
export const tenths = new Ticker(100);
