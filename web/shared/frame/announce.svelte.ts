/** Messages that are shown for a moment and read aloud: `announce("Lap deleted")`, `announceProblem(error)`. */
export interface Announcement {
  readonly id: number;
  readonly text: string;
  readonly isProblem: boolean;
}

const SHOWN_MS = 6_000;
const PROBLEM_SHOWN_MS = 12_000;
const MOST_SHOWN = 3;

class Announcer {
  shown = $state.raw<readonly Announcement[]>([]);
  #lastId = 0;

  announce(text: string, isProblem: boolean): void {
    const id = (this.#lastId += 1);
    this.shown = [...this.shown, { id, text, isProblem }].slice(-MOST_SHOWN);
    setTimeout(() => this.#remove(id), isProblem ? PROBLEM_SHOWN_MS : SHOWN_MS);
  }

  #remove(id: number): void {
    this.shown = this.shown.filter((announcement) => announcement.id !== id);
  }
}

export const announcer = new Announcer();

/** Announce what was done. The focus stays where it is. */
export function announce(text: string): void {
  announcer.announce(text, false);
}

/** Announce an error by its message; that of an ApiProblem says what to do. */
export function announceProblem(error: unknown): void {
  announcer.announce(error instanceof Error ? error.message : String(error), true);
}
