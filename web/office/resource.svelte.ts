/** Something read from the API and kept up: `value` is null until it was read once, and stays through a failure. */

const PAUSE_MS = 1_000;

export class Resource<T> {
  value = $state.raw<T | null>(null);
  /** Why it could not be read the last time. */
  error = $state.raw<unknown>(null);
  /** Whether it is about to be read anew: what is shown may be old. */
  isDue = $state(false);
  readonly #read: () => Promise<T>;
  #isReading = false;
  #isWanted = false;
  #readAt = 0;
  #soon: ReturnType<typeof setTimeout> | undefined;

  constructor(read: () => Promise<T>) {
    this.#read = read;
  }

  /** Read it now; whoever asks while it is being read gets it read once more. */
  async now(): Promise<void> {
    if (this.#isReading) {
      this.isDue = this.#isWanted = true;
      return;
    }
    clearTimeout(this.#soon);
    this.#soon = undefined;
    this.#isReading = true;
    this.#isWanted = false;
    try {
      this.value = await this.#read();
      this.error = null;
    } catch (error) {
      // The line notices when the server is away, says so, and everything is read anew when it is back.
      this.error = error;
    } finally {
      this.#isReading = false;
      this.#readAt = Date.now();
      this.isDue = false;
      if (this.#isWanted) this.soon();
    }
  }

  /** Read it soon, at most once a second however much happens. */
  soon(): void {
    this.isDue = true;
    if (this.#soon !== undefined) return;
    if (this.#isReading) {
      this.#isWanted = true;
      return;
    }
    const wait = Math.max(0, this.#readAt + PAUSE_MS - Date.now());
    this.#soon = setTimeout(() => void this.now(), wait);
  }
}
