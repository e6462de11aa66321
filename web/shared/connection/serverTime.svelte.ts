/** The server's clock as Svelte state, which changes at a fixed interval. */
import { live } from "./live.svelte";

export class ServerTime {
  #now = $state(0);
  #isRunning = false;

  constructor(readonly everyMs: number) {}

  /** Milliseconds since 1970; it changes from the first time that it is read. */
  get now(): number {
    if (!this.#isRunning) setInterval(() => document.hidden || (this.#now = live.serverNow()), this.everyMs);
    this.#isRunning = true;
    return this.#now || live.serverNow();
  }
}

/** For the time of day and for "how long ago". */
export const seconds = new ServerTime(1_000);
