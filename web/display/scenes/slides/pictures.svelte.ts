/** The pictures of slides: loaded before they are shown, and tried again if they did not load. */
import { pictureAddress } from "../../../shared/scenes/pictures";

const RETRY_MS = 5_000;

type State = "loading" | "ready" | "failed";

export class Pictures {
  #states = $state.raw<Readonly<Record<string, State | undefined>>>({});
  #isOver = false;

  isReady(picture: string): boolean {
    return this.#states[picture] === "ready";
  }

  hasFailed(picture: string): boolean {
    return this.#states[picture] === "failed";
  }

  /** Load a picture that was not loaded before. */
  load(picture: string): void {
    if (!this.#states[picture]) this.#try(picture, "loading");
  }

  /** End the attempts. */
  stop(): void {
    this.#isOver = true;
  }

  /** @param meanwhile its state until it has loaded: one that has failed is left out meanwhile. */
  #try(picture: string, meanwhile: State): void {
    this.#set(picture, meanwhile);
    const image = new Image();
    image.onload = () => this.#set(picture, "ready");
    image.onerror = () => {
      this.#set(picture, "failed");
      setTimeout(() => this.#isOver || this.#try(picture, "failed"), RETRY_MS);
    };
    image.src = pictureAddress(picture);
  }

  #set(picture: string, state: State): void {
    this.#states = { ...this.#states, [picture]: state };
  }
}
