/** A canvas that has as many pixels as the screen, and is measured only when its size changes. */
export class Surface {
  readonly context: CanvasRenderingContext2D;
  /** In pixels of the canvas. */
  width = 0;
  height = 0;
  /** Grows whenever everything must be drawn again. */
  version = 0;
  readonly #canvas: HTMLCanvasElement;
  readonly #observer: ResizeObserver;

  /** @param onResize called when the canvas is empty, because its size has changed. */
  constructor(canvas: HTMLCanvasElement, onResize: () => void) {
    const context = canvas.getContext("2d");
    if (!context) throw new Error("this browser has no canvas");
    this.#canvas = canvas;
    this.context = context;
    this.#observer = new ResizeObserver(() => this.#fit() && onResize());
    this.#observer.observe(canvas);
    this.#fit();
  }

  close(): void {
    this.#observer.disconnect();
  }

  /** Returns whether the size has changed. */
  #fit(): boolean {
    // More than twice the pixels cannot be seen on a TV, and costs time.
    const ratio = Math.min(2, devicePixelRatio || 1);
    const width = Math.round(this.#canvas.clientWidth * ratio);
    const height = Math.round(this.#canvas.clientHeight * ratio);
    if (width === this.width && height === this.height) return false;
    this.#canvas.width = this.width = width;
    this.#canvas.height = this.height = height;
    this.version += 1;
    return true;
  }
}
