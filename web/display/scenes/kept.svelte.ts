/** What a scene reads over HTTP: read when it is shown, and again when an event says that it may have changed. */
import { onDestroy } from "svelte";
import { live } from "../../shared/connection/live.svelte";
import type { Event } from "../../shared/connection/socket";

const PAUSE_MS = 500;
const RETRY_MS = 5_000;

export class Kept<T> {
  /** Null until the first answer; an answer is kept while the next one is awaited. */
  value = $state.raw<T | null>(null);
  /** Whether there was an answer. */
  isRead = $state(false);
  readonly #read: () => Promise<T>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOver = false;

  /**
   * Create it while a component is created; it ends with the component.
   *
   * @param read reads the value once.
   * @param isNews whether an event may have changed the value.
   * @param pauseMs between such an event and the next reading.
   */
  constructor(read: () => Promise<T>, isNews: (event: Event) => boolean, pauseMs = PAUSE_MS) {
    this.#read = read;
    const stop = live.onEvents(
      (event) => isNews(event) && this.#soon(pauseMs),
      () => this.#soon(PAUSE_MS),
    );
    onDestroy(() => {
      this.#isOver = true;
      clearTimeout(this.#timer);
      stop();
    });
    this.#soon(0);
  }

  /** Read once for all news of the next moment. */
  #soon(pauseMs: number): void {
    if (this.#isOver) return;
    this.#timer ??= setTimeout(() => void this.#now(), pauseMs);
  }

  async #now(): Promise<void> {
    this.#timer = undefined;
    try {
      const value = await this.#read();
      if (this.#isOver) return;
      this.value = value;
      this.isRead = true;
    } catch {
      this.#soon(RETRY_MS);
    }
  }
}
