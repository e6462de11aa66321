/** The server's clock, once a second: one for all that counts on the page. */
import { live } from "../shared/live.svelte";

class Clock {
  now = $state(live.serverNow());

  run(): () => void {
    const ticking = setInterval(() => document.hidden || (this.now = live.serverNow()), 1_000);
    return () => clearInterval(ticking);
  }
}

export const clock = new Clock();
