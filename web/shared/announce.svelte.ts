/** What is said aloud and shown for a moment: `announce("Lap excluded")`, `announce.problem(error)`. */
export interface Announcement {
  readonly id: number;
  readonly text: string;
  readonly isProblem: boolean;
}

const SHOWN_MS = 6_000;
const PROBLEM_SHOWN_MS = 12_000;
const MOST = 3;

class Announcer {
  shown = $state.raw<readonly Announcement[]>([]);
  #last = 0;

  say(text: string, isProblem: boolean): void {
    const id = (this.#last += 1);
    this.shown = [...this.shown, { id, text, isProblem }].slice(-MOST);
    setTimeout(() => this.dismiss(id), isProblem ? PROBLEM_SHOWN_MS : SHOWN_MS);
  }

  dismiss(id: number): void {
    this.shown = this.shown.filter((one) => one.id !== id);
  }
}

export const announcer = new Announcer();

/** Say what happened. Never takes the focus, never covers what is live for long. */
export function announce(text: string): void {
  announcer.say(text, false);
}

/** Say what went wrong, in the words of the error: an ApiProblem's tell what to do. */
announce.problem = (error: unknown): void => {
  announcer.say(error instanceof Error ? error.message : String(error), true);
};
