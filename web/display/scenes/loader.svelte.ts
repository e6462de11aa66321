/** Loads the components of scenes; the scene before stays until the next one has loaded. */
import type { Component } from "svelte";
import { live } from "../../shared/connection/live.svelte";
import type { SceneName } from "../../shared/scenes/names";
import type { SceneProps } from "./props";
import { SCENES } from "./table";

const RETRY_MS = 5_000;
const FAILURES_BEFORE_RELOAD = 3;

export interface Loaded {
  readonly name: SceneName;
  readonly component: Component<SceneProps>;
}

export class SceneLoader {
  /** The scene that has loaded; null before the first. */
  loaded = $state.raw<Loaded | null>(null);
  #wanted: SceneName | null = null;
  #failures = 0;

  /** Show a scene as soon as it has loaded, unless another one is wanted by then. */
  show(name: SceneName): void {
    this.#wanted = name;
    this.#failures = 0;
    void this.#load(name);
  }

  async #load(name: SceneName): Promise<void> {
    try {
      const { default: component } = await SCENES[name].load();
      // A component ignores what it does not declare.
      if (this.#wanted === name) this.loaded = { name, component: component as Component<SceneProps> };
    } catch {
      this.#handleFailure(name);
    }
  }

  /** The server is away, which passes; or it has newer pages, and the file of this one is gone. */
  #handleFailure(name: SceneName): void {
    this.#failures += 1;
    setTimeout(() => {
      if (this.#wanted !== name) return;
      // A reload without a server would leave the screen with the browser's own error page.
      if (this.#failures >= FAILURES_BEFORE_RELOAD && live.status.state === "live") location.reload();
      else void this.#load(name);
    }, RETRY_MS);
  }
}
