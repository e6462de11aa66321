/**
 * One change that the user makes, from pressing the button to its outcome; ActionOutcome.svelte shows the outcome.
 *
 * A request without an answer can be sent again without making the change twice: the same change is sent with the
 * same key. After a 409, `conflict` is the record as the server has it now, and `overwrite()` repeats the change on
 * top of that.
 */
import { ApiProblem } from "../shared/api";
import { meetingData } from "./meetingData.svelte";

/** One attempt to make the change: its `Idempotency-Key`, and after a 409 the record as it is now. */
export interface Attempt {
  readonly key: string;
  readonly current: CurrentRecord | null;
}

/** A record in the answer to a 409. */
export interface CurrentRecord {
  readonly version?: number;
  readonly revision?: number;
  readonly id?: string;
  readonly rig?: string;
  readonly [field: string]: unknown;
}

const SUCCESS_SHOWN_MS = 8_000;

export class Action {
  isBusy = $state(false);
  /** What was done; shown for a few seconds. */
  success = $state("");
  problem = $state.raw<ApiProblem | null>(null);
  /** The record as it is now, if another user changed it first. */
  conflict = $state.raw<CurrentRecord | null>(null);
  #overwrite: (() => Promise<boolean>) | null = null;
  #unanswered: { readonly change: string; readonly key: string } | null = null;
  #successTimer: ReturnType<typeof setTimeout> | undefined;

  /** The server's message about a field. */
  fieldError(field: string): string | undefined {
    return this.problem?.fields[field];
  }

  /**
   * Make the change.
   *
   * @param success the text to show afterwards; a function receives the answer.
   * @param send sends the request.
   * @param change identifies the change and everything it sends, where sending it twice would make it twice.
   * @returns whether the server made the change.
   */
  async run<T>(
    success: string | ((answer: T) => string),
    send: (attempt: Attempt) => Promise<T>,
    change = "",
  ): Promise<boolean> {
    return this.#try(success, send, change, null);
  }

  /** Make the change although another user has changed the record. */
  overwrite(): Promise<boolean> {
    return this.#overwrite ? this.#overwrite() : Promise.resolve(false);
  }

  clear(): void {
    clearTimeout(this.#successTimer);
    this.success = "";
    this.problem = this.conflict = this.#overwrite = null;
  }

  async #try<T>(
    success: string | ((answer: T) => string),
    send: (attempt: Attempt) => Promise<T>,
    change: string,
    current: CurrentRecord | null,
  ): Promise<boolean> {
    if (this.isBusy) return false;
    this.clear();
    this.isBusy = true;
    const key = this.#unanswered?.change === change ? this.#unanswered.key : newKey();
    try {
      const answer = await send({ key, current });
      this.#unanswered = null;
      // Until the list is read again, "Undo" waits: a quick press must not undo the change before this one.
      meetingData.acts.soon();
      this.#showSuccess(typeof success === "function" ? success(answer) : success);
      return true;
    } catch (error) {
      this.#handleError(error, change, key, (now) => this.#try(success, send, change, now));
      return false;
    } finally {
      this.isBusy = false;
    }
  }

  #showSuccess(text: string): void {
    this.success = text;
    this.#successTimer = setTimeout(() => (this.success = ""), SUCCESS_SHOWN_MS);
  }

  #handleError(
    error: unknown,
    change: string,
    key: string,
    overwrite: (current: CurrentRecord) => Promise<boolean>,
  ): void {
    if (!(error instanceof ApiProblem)) throw error;
    // Without an answer, or with an error of the server, the change may have been made.
    this.#unanswered = error.status === 0 || error.status >= 500 ? { change, key } : null;
    this.problem = error;
    const current = error.status === 409 ? (error.current as CurrentRecord | null | undefined) : null;
    if (!current || (current.version ?? current.revision) === undefined) return;
    this.conflict = current;
    this.#overwrite = () => overwrite(current);
  }
}

/** A random key for one request; `crypto.randomUUID` exists on https and localhost only. */
function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(12))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
