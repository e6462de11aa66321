/** The driver of this phone, whom the browser remembers, and what the server knows of them. */
import { api, ApiProblem, ok, type Schemas } from "../shared/api";
import { live } from "../shared/connection/live.svelte";
import { withPreferences } from "../shared/preferences";

/** What identifies the driver, and how it is stored. */
const STORED_AS = { token: "driver-token", id: "driver-id" } as const;
type Key = keyof typeof STORED_AS;

const PAUSE_MS = 1_000;
const RETRY_MS = 5_000;
const CHANGES = new Set(["act_recorded", "laps_changed", "lap_official"]);

export class MyDriver {
  /** The driver's code, which also takes seats; null on a phone without a driver, or that only chose a name. */
  token = $state.raw<string | null>(null);
  /** The id of the driver whose name this phone chose: it reads what everybody may read, and cannot act. */
  id = $state.raw<string | null>(null);
  page = $state.raw<Schemas["OwnPage"] | null>(null);
  /** The newest first; null until they were read, or where only signed-in users may see laps. */
  laps = $state.raw<readonly Schemas["JudgedLap"][] | null>(null);
  /** Why this phone no longer has a driver: nobody has its code, or the chosen driver is gone or has a PIN now. */
  lost = $state<Key | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isFollowing = false;

  /** @param token the code in the address; without one, the driver that the browser remembers. */
  constructor(token: string | null) {
    this.token = token ?? remembered("token");
    if (!this.token) this.id = remembered("id");
    if (this.isChosen) this.#follow();
  }

  get isChosen(): boolean {
    return this.token !== null || this.id !== null;
  }

  /**
   * Sign this phone in with a driver's PIN; returns the driver's code.
   *
   * @throws ApiProblem if no driver has this PIN.
   */
  async signIn(pin: string): Promise<string> {
    const { token } = await ok(api.POST("/api/v1/me-as-driver", { body: { pin } }));
    remember("id", null);
    this.id = this.page = this.laps = null;
    this.token = token;
    this.#follow();
    return token;
  }

  /** Choose a driver without a PIN by name. */
  choose(id: string): void {
    this.id = id;
    this.#follow();
  }

  /** Read everything again, once a second at most. */
  refresh(wait: number = PAUSE_MS): void {
    this.#timer ??= setTimeout(() => this.#readOrRetry(), wait);
  }

  /** Remove the driver from this phone. */
  forget(): void {
    remember("token", null);
    remember("id", null);
    location.replace(withPreferences(location.pathname));
  }

  #follow(): void {
    this.lost = null;
    this.#readOrRetry();
    if (this.#isFollowing) return;
    this.#isFollowing = true;
    live.onEvents(
      ({ name }) => CHANGES.has(name) && this.refresh(),
      () => this.refresh(),
    );
  }

  #readOrRetry(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#read().catch((error: unknown) => {
      if (error instanceof ApiProblem && error.status === 404) this.#lose();
      else this.refresh(RETRY_MS);
    });
  }

  async #read(): Promise<void> {
    const { token, id } = this;
    if (token) this.page = await readOwnPage(token);
    else if (id) this.page = await readPublicPage(id);
    else return;
    // Another driver was chosen meanwhile.
    if (token !== this.token || id !== this.id) return this.#read();
    if (!this.page) return this.#lose();
    remember(token ? "token" : "id", token ?? id);
    const path = { driver_id: this.page.driver.id };
    try {
      this.laps = (await ok(api.GET("/api/v1/drivers/{driver_id}/laps", { params: { path } }))).items;
    } catch (error) {
      if (!(error instanceof ApiProblem) || ![401, 403].includes(error.status)) throw error;
    }
  }

  #lose(): void {
    this.lost = this.token ? "token" : "id";
    remember(this.lost, null);
    this.token = this.id = this.page = this.laps = null;
  }
}

function readOwnPage(token: string): Promise<Schemas["OwnPage"]> {
  return ok(api.GET("/api/v1/me-as-driver", { params: { query: { driver_token: token } } }));
}

/** What everybody may read about a driver; null if a phone can no longer choose the driver by name. */
async function readPublicPage(id: string): Promise<Schemas["OwnPage"] | null> {
  const driver = await ok(api.GET("/api/v1/drivers/{driver_id}", { params: { path: { driver_id: id } } }));
  if (driver.merged_into) return readPublicPage(driver.merged_into);
  return driver.is_deleted || driver.has_pin ? null : { driver, rig: null, best_laps: [] };
}

// A browser may refuse to store anything. Then the driver must be chosen each time.
function remembered(key: Key): string | null {
  try {
    return localStorage.getItem(STORED_AS[key]);
  } catch {
    return null;
  }
}

function remember(key: Key, value: string | null): void {
  try {
    if (value) localStorage.setItem(STORED_AS[key], value);
    else localStorage.removeItem(STORED_AS[key]);
  } catch {
    // As above.
  }
}
