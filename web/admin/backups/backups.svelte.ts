/** What /api/v1/backup-state reports, for all parts of the page that show it. */
import { Resource } from "../../office/resource.svelte";
import { api, ok, type Schemas } from "../../shared/api";

const READ_EVERY_MS = 15_000;

class Backups {
  readonly #state = new Resource(() => ok(api.GET("/api/v1/backup-state")));
  /** Null until the server has answered. */
  readonly state: Schemas["BackupState"] | null = $derived(this.#state.value);

  /** Read now and every 15 seconds; returns a function that ends it. Only the page itself calls it. */
  start(): () => void {
    this.#state.soon();
    const timer = setInterval(() => document.hidden || this.#state.soon(), READ_EVERY_MS);
    return () => clearInterval(timer);
  }

  /** Read it after a change. */
  soon(): void {
    this.#state.soon();
  }
}

export const backups = new Backups();
