/** Who this phone is: a driver's code from `?token=`, kept for the day, and what the server tells for it. */
import { api, ApiProblem, ok, type Schemas } from "../shared/api";
import { live } from "../shared/live.svelte";

const KEPT = "driver-token";
const PAUSE_MS = 1_000;
const AGAIN_MS = 5_000;
const LAPS = 50;
const CHANGES = new Set(["act_recorded", "laps_changed", "lap_official"]);

export class OwnPage {
  /** Null where the phone is nobody's. */
  token = $state.raw<string | null>(null);
  page = $state.raw<Schemas["OwnPage"] | null>(null);
  /** The newest first; null before they are known, or where looking at laps needs a name. */
  laps = $state.raw<readonly Schemas["Lap"][] | null>(null);
  /** The code is of no driver. */
  isWrong = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(token: string | null) {
    this.token = token ?? kept();
    if (!this.token) return;
    this.#ask();
    live.onEvents(
      ({ name }) => CHANGES.has(name) && this.refresh(),
      () => this.refresh(),
    );
  }

  /** Ask again, once a second at most. */
  refresh(wait: number = PAUSE_MS): void {
    this.#timer ??= setTimeout(() => this.#ask(), wait);
  }

  /** The phone is somebody else's, or everybody's. */
  forget(): void {
    keep(null);
    location.replace(location.pathname);
  }

  #ask(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#read().catch((error: unknown) => {
      if (error instanceof ApiProblem && error.status === 404) this.#refuse();
      else this.refresh(AGAIN_MS);
    });
  }

  async #read(): Promise<void> {
    const { token } = this;
    if (!token) return;
    const query = { driver_token: token };
    this.page = await ok(api.GET("/api/v1/me-as-driver", { params: { query } }));
    keep(token);
    const asked = { driver_id: this.page.driver.id, sort: "-official_at" as const, limit: LAPS };
    try {
      this.laps = (await ok(api.GET("/api/v1/laps", { params: { query: asked } }))).items;
    } catch (error) {
      if (!(error instanceof ApiProblem) || ![401, 403].includes(error.status)) throw error;
    }
  }

  #refuse(): void {
    keep(null);
    this.isWrong = true;
    this.page = null;
  }
}

// A browser may refuse to remember anything: then the code is scanned each time.
function kept(): string | null {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

function keep(token: string | null): void {
  try {
    if (token) localStorage.setItem(KEPT, token);
    else localStorage.removeItem(KEPT);
  } catch {
    // As above.
  }
}
