/** Text as large as it fits. */

// In units of the font size of the page.
const LARGEST = 7;
const SMALLEST = 1.2;
const STEP = 0.92;

/**
 * Draw the text in an element as large as it fits into its parent, also after the parent has changed its size.
 *
 * @returns a function that stops it.
 */
export function fit(element: HTMLElement): () => void {
  const parent = element.parentElement;
  function set(): void {
    if (!parent) return;
    for (let size = LARGEST; size >= SMALLEST; size *= STEP) {
      element.style.fontSize = `${size}rem`;
      if (element.scrollHeight <= parent.clientHeight && element.scrollWidth <= parent.clientWidth) return;
    }
  }
  const observer = new ResizeObserver(set);
  if (parent) observer.observe(parent);
  set();
  void document.fonts.ready.then(set);
  return () => observer.disconnect();
}
