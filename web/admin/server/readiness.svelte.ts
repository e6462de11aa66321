/** What /api/health/ready reports, for all parts of the page that show it. */
import { Resource } from "../../office/resource.svelte";
import { api } from "../../shared/api";

const READ_EVERY_MS = 10_000;

class Readiness {
  // An answer with status 503 has the same body.
  readonly #ready = new Resource(async () => {
    const answer = await api.GET("/api/health/ready");
    return answer.data ?? answer.error ?? null;
  });
  /** The state of each part of the server, by its name; empty until the server has answered. */
  readonly checks = $derived(this.#ready.value?.checks ?? {});
  /** Whether the newest question got no answer. */
  readonly isUnanswered = $derived(this.#ready.error !== null);

  /** Read now and every ten seconds; returns a function that ends it. Only the page itself calls it. */
  start(): () => void {
    this.#ready.soon();
    const timer = setInterval(() => document.hidden || this.#ready.soon(), READ_EVERY_MS);
    return () => clearInterval(timer);
  }
}

/** Whether the text of a check means that all is well, or is not known yet. */
export const isGood = (text = "ok"): boolean => /^(ok|switched off)$/.test(text);

export const readiness = new Readiness();
