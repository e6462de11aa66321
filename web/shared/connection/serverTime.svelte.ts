/** The server's clock as Svelte state, which changes at a fixed interval. */
import { live } from "./live.svelte";

export class ServerTime {
  /** Milliseconds since 1970. */
  now = $state(live.serverNow());

  constructor(everyMs: number) {
    setInterval(() => document.hidden || (this.now = live.serverNow()), everyMs);
  }
}

/** For the time of day and for "how long ago". */
export const seconds = new ServerTime(1_000);
