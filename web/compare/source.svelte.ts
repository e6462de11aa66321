/** What the page shows of its laps. */
import { reader } from "./ahead";
import { readRigNames, type ReadLap } from "./reading";

export class Source {
  laps = $state.raw<readonly ReadLap[]>([]);
  /** Index of the lap with which those were compared. */
  reference = $state(0);
  /** Names of the rigs, by their keys. */
  rigs = $state.raw<Readonly<Record<string, string>>>({});
  /** Whether the newest request was answered. */
  isRead = $state(false);
  #wanted = 0;
  /** The laps of the newest request, which may not be shown yet. */
  #newest: readonly [ids: readonly string[], reference: number] = [[], 0];

  constructor() {
    // The page does without the names.
    readRigNames().then(
      (names) => (this.rigs = names),
      () => undefined,
    );
  }

  /** Read these laps and compare them; only the newest request counts. */
  async show(ids: readonly string[], reference: number): Promise<void> {
    const wanted = ++this.#wanted;
    this.#newest = [ids, reference];
    this.isRead = false;
    const laps = await reader.read(ids, reference);
    if (wanted !== this.#wanted) return;
    [this.laps, this.reference, this.isRead] = [laps, reference, true];
  }

  /** The same laps again, of which one may have another driver now. */
  async refresh(): Promise<void> {
    reader.forgetFacts();
    await this.show(...this.#newest);
  }
}
