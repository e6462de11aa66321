/** Work that waits until the reader has something to look at. */

/** Call a function after the next frame was painted; soon in a hidden tab, which paints none. */
export function afterPaint(act: () => void): void {
  if (document.hidden) setTimeout(act);
  else requestAnimationFrame(() => setTimeout(act));
}
