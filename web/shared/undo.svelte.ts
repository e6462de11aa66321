/** The last act that can be taken back: `undo.offer("Lap 7 excluded", () => …)`; UndoBar.svelte shows it. */
import { announce } from "./announce.svelte";
import { t } from "./language";

export const UNDO_MS = 30_000;

export interface Act {
  readonly text: string;
  readonly takeBack: () => Promise<unknown>;
  readonly until: number;
}

class Undo {
  act = $state.raw<Act | null>(null);
  isBusy = $state(false);
  #end: ReturnType<typeof setTimeout> | undefined;

  /** Offer to take an act back for 30 s; a later act takes its place. */
  offer(text: string, takeBack: () => Promise<unknown>): void {
    clearTimeout(this.#end);
    this.act = { text, takeBack, until: Date.now() + UNDO_MS };
    this.#end = setTimeout(() => this.close(), UNDO_MS);
  }

  /** Take it back; what the server answers to that, if it refuses, is said. */
  async take(): Promise<void> {
    const act = this.act;
    if (!act || this.isBusy) return;
    this.isBusy = true;
    try {
      await act.takeBack();
      announce(t("undo.done"));
      if (this.act === act) this.close();
    } catch (error) {
      announce.problem(error);
    } finally {
      this.isBusy = false;
    }
  }

  close(): void {
    clearTimeout(this.#end);
    this.act = null;
  }
}

export const undo = new Undo();
