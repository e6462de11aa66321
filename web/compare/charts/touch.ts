/** Fingers on the charts: one reads the place under it, two zoom. The page still scrolls up and down. */
import { pinched } from "./pinch";

type Range = readonly [number, number];

interface Touched {
  /** The part of the lap that is shown. */
  range(): Range;
  /** The left edge and the width of the plots in the page, CSS pixels. */
  box(): { readonly left: number; readonly width: number };
  point(metres: number): void;
  zoom(range: Range): void;
}

/** Follow the fingers on an element until the returned function is called. */
export function followTouch(element: HTMLElement, touched: Touched): () => void {
  const fingers = new Map<number, number>();
  let began: { readonly range: Range; readonly shares: Range } | null = null;
  const share = (x: number) => (x - touched.box().left) / touched.box().width;
  const shares = () => [...fingers.values()].map(share) as unknown as Range;

  function move(): void {
    if (fingers.size === 2 && began) {
      touched.zoom(pinched(began.range, began.shares, shares()));
    } else if (fingers.size === 1) {
      const [from, to] = touched.range();
      const [at = 0] = shares();
      touched.point(from + Math.min(1, Math.max(0, at)) * (to - from));
    }
  }
  function down(event: PointerEvent): void {
    if (event.pointerType !== "touch") return;
    fingers.set(event.pointerId, event.clientX);
    began = fingers.size === 2 ? { range: touched.range(), shares: shares() } : null;
    move();
  }
  function moved(event: PointerEvent): void {
    if (!fingers.has(event.pointerId)) return;
    fingers.set(event.pointerId, event.clientX);
    move();
  }
  function up(event: PointerEvent): void {
    fingers.delete(event.pointerId);
    began = null;
  }
  element.addEventListener("pointerdown", down);
  addEventListener("pointermove", moved);
  addEventListener("pointerup", up);
  addEventListener("pointercancel", up);
  return () => {
    element.removeEventListener("pointerdown", down);
    removeEventListener("pointermove", moved);
    removeEventListener("pointerup", up);
    removeEventListener("pointercancel", up);
  };
}
