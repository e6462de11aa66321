/**
 * One thing that somebody does, from the press of the button to its outcome; Outcome.svelte says it at its place.
 *
 * A request that nobody answered can be sent again without acting twice: the same doing has the same key. After a 409
 * `meanwhile` holds what is there now, and `again()` goes on from there.
 */
import { ApiProblem } from "../shared/api";
import { evening } from "./evening.svelte";

/** What an attempt is given: the key for `Idempotency-Key`, and the state that a 409 showed. */
export interface Attempt {
  readonly key: string;
  readonly current: Current | null;
}

export interface Current {
  readonly version?: number;
  readonly revision?: number;
  readonly id?: string;
  readonly rig?: string;
  readonly [field: string]: unknown;
}

const SAID_MS = 8_000;

export class Deed {
  isBusy = $state(false);
  /** What was done, for a while. */
  done = $state("");
  problem = $state.raw<ApiProblem | null>(null);
  /** What is there now, where somebody else was faster. */
  meanwhile = $state.raw<Current | null>(null);
  #again: (() => Promise<boolean>) | null = null;
  #unsure: { readonly what: string; readonly key: string } | null = null;
  #silence: ReturnType<typeof setTimeout> | undefined;

  /** What is wrong with a field, as the server says. */
  wrong(field: string): string | undefined {
    return this.problem?.fields[field];
  }

  /**
   * Do it.
   *
   * @param done what to say afterwards; a function gets the answer.
   * @param what names the doing with all that it sends, where sending it twice would act twice.
   * @returns whether it was done.
   */
  async run<T>(
    done: string | ((answer: T) => string),
    act: (attempt: Attempt) => Promise<T>,
    what = "",
  ): Promise<boolean> {
    return this.#try(done, act, what, null);
  }

  /** Do it all the same, knowing what is there now. */
  again(): Promise<boolean> {
    return this.#again ? this.#again() : Promise.resolve(false);
  }

  clear(): void {
    clearTimeout(this.#silence);
    this.done = "";
    this.problem = this.meanwhile = this.#again = null;
  }

  async #try<T>(
    done: string | ((answer: T) => string),
    act: (attempt: Attempt) => Promise<T>,
    what: string,
    current: Current | null,
  ): Promise<boolean> {
    if (this.isBusy) return false;
    this.clear();
    this.isBusy = true;
    const key = this.#unsure && this.#unsure.what === what ? this.#unsure.key : newKey();
    try {
      const answer = await act({ key, current });
      this.#unsure = null;
      // What can be undone is another act now; nobody may take back the one before by a quick press.
      evening.acts.soon();
      this.#say(typeof done === "function" ? done(answer) : done);
      return true;
    } catch (error) {
      this.#refused(error, what, key, (now) => this.#try(done, act, what, now));
      return false;
    } finally {
      this.isBusy = false;
    }
  }

  #say(text: string): void {
    this.done = text;
    this.#silence = setTimeout(() => (this.done = ""), SAID_MS);
  }

  #refused(error: unknown, what: string, key: string, again: (now: Current) => Promise<boolean>): void {
    if (!(error instanceof ApiProblem)) throw error;
    // Whether it was done is not known where nobody answered, or the database did not.
    this.#unsure = error.status === 0 || error.status >= 500 ? { what, key } : null;
    this.problem = error;
    const now = error.status === 409 ? (error.current as Current | null | undefined) : null;
    if (!now || (now.version ?? now.revision) === undefined) return;
    this.meanwhile = now;
    this.#again = () => again(now);
  }
}

/** A name for one request; randomUUID exists on https and localhost only. */
function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(12))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
