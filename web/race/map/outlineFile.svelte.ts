/** The outline of the circuit that a rig drives, read again whenever the server has a better one. */
import { api, ok } from "../../shared/api";
import type { Outline } from "./course";

const RETRY_MS = 5_000;

/** What the facts of the view `map:<rig>` say of the outline. */
export interface OutlineName {
  readonly track: number;
  readonly format: number;
  readonly revision: number;
}

export class OutlineFile {
  /** The newest outline of the circuit; null while none is known. */
  current = $state.raw<Outline | null>(null);
  #wanted = "";

  /** Read the outline with this name; the one before is shown meanwhile if it is of the same circuit. */
  show(name: OutlineName | null): void {
    const wanted = name ? `${name.track} ${name.format} ${name.revision}` : "";
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    const { current } = this;
    if (current?.track_id !== name?.track || current?.packet_format !== name?.format) this.current = null;
    if (name) void this.#read(name, wanted);
  }

  async #read(name: OutlineName, wanted: string): Promise<void> {
    const params = { path: { track_id: name.track }, query: { packet_format: name.format } };
    try {
      const outline = await ok(api.GET("/api/v1/circuits/{track_id}/outline", { params }));
      if (this.#wanted === wanted) this.current = outline;
    } catch {
      setTimeout(() => this.#wanted === wanted && void this.#read(name, wanted), RETRY_MS);
    }
  }
}
