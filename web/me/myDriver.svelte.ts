/** The driver of this phone: the code from `?token=`, which the browser stores, and what the server knows of them. */
import { api, ApiProblem, ok, type Schemas } from "../shared/api";
import { live } from "../shared/connection/live.svelte";

const STORED_AS = "driver-token";
const PAUSE_MS = 1_000;
const RETRY_MS = 5_000;
const NEWEST_LAPS = 50;
const CHANGES = new Set(["act_recorded", "laps_changed", "lap_official"]);

export class MyDriver {
  /** The driver's code; null on a phone without a driver. */
  token = $state.raw<string | null>(null);
  page = $state.raw<Schemas["OwnPage"] | null>(null);
  /** The newest first; null until they were read, or where only signed-in users may see laps. */
  laps = $state.raw<readonly Schemas["Lap"][] | null>(null);
  /** Whether no driver has this code. */
  isUnknown = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(token: string | null) {
    this.token = token ?? storedToken();
    if (!this.token) return;
    this.#readOrRetry();
    live.onEvents(
      ({ name }) => CHANGES.has(name) && this.refresh(),
      () => this.refresh(),
    );
  }

  /** Read everything again, once a second at most. */
  refresh(wait: number = PAUSE_MS): void {
    this.#timer ??= setTimeout(() => this.#readOrRetry(), wait);
  }

  /** Remove the driver from this phone. */
  forget(): void {
    storeToken(null);
    location.replace(location.pathname);
  }

  #readOrRetry(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#read().catch((error: unknown) => {
      if (error instanceof ApiProblem && error.status === 404) this.#handleUnknownToken();
      else this.refresh(RETRY_MS);
    });
  }

  async #read(): Promise<void> {
    const { token } = this;
    if (!token) return;
    this.page = await ok(api.GET("/api/v1/me-as-driver", { params: { query: { driver_token: token } } }));
    storeToken(token);
    const query = { driver_id: this.page.driver.id, sort: "-recorded_at" as const, limit: NEWEST_LAPS };
    try {
      this.laps = (await ok(api.GET("/api/v1/laps", { params: { query } }))).items;
    } catch (error) {
      if (!(error instanceof ApiProblem) || ![401, 403].includes(error.status)) throw error;
    }
  }

  #handleUnknownToken(): void {
    storeToken(null);
    this.isUnknown = true;
    this.page = null;
  }
}

// A browser may refuse to store anything. Then the code must be scanned each time.
function storedToken(): string | null {
  try {
    return localStorage.getItem(STORED_AS);
  } catch {
    return null;
  }
}

function storeToken(token: string | null): void {
  try {
    if (token) localStorage.setItem(STORED_AS, token);
    else localStorage.removeItem(STORED_AS);
  } catch {
    // As above.
  }
}
