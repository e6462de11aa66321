/** Something that is read from the API, and read again on demand. */

const PAUSE_MS = 1_000;

export class Resource<T> {
  /** Null until it was read for the first time; a failed reading leaves it as it is. */
  value = $state.raw<T | null>(null);
  /** Why the newest reading failed; null if it succeeded. */
  error = $state.raw<unknown>(null);
  /** Whether another reading is due, so that the value may be out of date. */
  isDue = $state(false);
  readonly #read: () => Promise<T>;
  #isReading = false;
  #readAgain = false;
  #readAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(read: () => Promise<T>) {
    this.#read = read;
  }

  /** Read it now; during a reading, read it once more afterwards. */
  async now(): Promise<void> {
    if (this.#isReading) {
      this.isDue = this.#readAgain = true;
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isReading = true;
    this.#readAgain = false;
    try {
      this.value = await this.#read();
      this.error = null;
    } catch (error) {
      // The page shows a lost connection itself, and reads everything again after the reconnect.
      this.error = error;
    } finally {
      this.#isReading = false;
      this.#readAt = Date.now();
      this.isDue = false;
      if (this.#readAgain) this.soon();
    }
  }

  /** Read it soon, at most once a second. */
  soon(): void {
    this.isDue = true;
    if (this.#timer !== undefined) return;
    if (this.#isReading) {
      this.#readAgain = true;
      return;
    }
    const wait = Math.max(0, this.#readAt + PAUSE_MS - Date.now());
    this.#timer = setTimeout(() => void this.now(), wait);
  }
}
