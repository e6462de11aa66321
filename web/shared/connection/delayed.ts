/** Passes messages on after a delay, in their order: for a screen that must not be ahead of a stream. */

// At 60 s of delay and the most that a screen follows.
const MOST_WAITING = 20_000;

export class Delayed<T> {
  readonly #pass: (message: T) => void;
  readonly #lost: () => void;
  #waiting: { readonly message: T; readonly at: number }[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #delayMs = 0;

  /**
   * @param pass receives each message when its time has come; at once without a delay.
   * @param lost called when so many messages wait that they are dropped.
   */
  constructor(pass: (message: T) => void, lost: () => void) {
    this.#pass = pass;
    this.#lost = lost;
  }

  get delayMs(): number {
    return this.#delayMs;
  }

  /** Set the delay; messages that wait longer than that are passed on at once. */
  set delayMs(delayMs: number) {
    this.#delayMs = delayMs;
    this.#passDue();
  }

  add(message: T): void {
    if (this.#delayMs === 0 && this.#waiting.length === 0) {
      this.#pass(message);
      return;
    }
    this.#waiting.push({ message, at: Date.now() });
    if (this.#waiting.length > MOST_WAITING) {
      this.clear();
      this.#lost();
    } else if (this.#timer === undefined) this.#schedule();
  }

  /** Drop what waits. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = [];
  }

  #passDue(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const due = Date.now() - this.#delayMs;
    const later = this.#waiting.findIndex(({ at }) => at > due);
    const passed = this.#waiting.splice(0, later < 0 ? this.#waiting.length : later);
    passed.forEach(({ message }) => this.#pass(message));
    this.#schedule();
  }

  #schedule(): void {
    const [first] = this.#waiting;
    if (first === undefined) return;
    this.#timer = setTimeout(() => this.#passDue(), Math.max(0, first.at + this.#delayMs - Date.now()));
  }
}
