/**
 * A press acts on what was under the pointer when it began, also if the page moves before it ends: lists and alarms
 * above a button grow and shrink as news arrives. The browser takes such a press as one on the page behind.
 */

/** So far a pointer may move, in CSS pixels; one that moves further was drawn off the control on purpose. */
const STILL_PX = 10;
const CONTROLS = "button, summary, label, a";

/** From now on, presses in this document are steady. Of a touch, browsers do the same by themselves. */
export function makePressesSteady(): void {
  let pressed: { readonly control: HTMLElement; readonly x: number; readonly y: number } | null = null;
  document.addEventListener("pointerdown", (event) => {
    const control = (event.target as Element).closest<HTMLElement>(CONTROLS);
    const isPress = control !== null && event.pointerType === "mouse" && event.button === 0;
    pressed = isPress ? { control, x: event.clientX, y: event.clientY } : null;
  });
  document.addEventListener(
    "click",
    (event) => {
      if (!pressed || !event.isTrusted) return;
      const { control, x, y } = pressed;
      pressed = null;
      const isStill = Math.hypot(event.clientX - x, event.clientY - y) <= STILL_PX;
      if (!isStill || control.contains(event.target as Node) || !control.isConnected) return;
      event.stopPropagation();
      event.preventDefault();
      control.click();
    },
    { capture: true },
  );
}
