/**
 * The keys of the admin page.
 *
 * An element that has a key names it in `aria-keyshortcuts`, such as `Q` or `Shift+1`. The key presses a button or a
 * check box, and puts the cursor into a field.
 */
const CHOICE = "f1timings.keys";
const PRESSED = "button, input[type=checkbox], [role=tab]";

/** Whether the keys are on; the choice is kept in this browser. */
export function areKeysOn(): boolean {
  try {
    return localStorage.getItem(CHOICE) !== "off";
  } catch {
    return true;
  }
}

export function setKeysOn(isOn: boolean): void {
  try {
    localStorage.setItem(CHOICE, isOn ? "on" : "off");
  } catch {
    // Without storage the choice is forgotten with the page.
  }
}

/** The name of a key press as `aria-keyshortcuts` has it; null for one that is not a letter or a digit. */
export function nameOfKey(event: Pick<KeyboardEvent, "key" | "code" | "shiftKey">): string | null {
  // With Shift, the key of a digit gives another character.
  const digit = /^Digit(\d)$/.exec(event.code)?.[1];
  if (digit) return event.shiftKey ? `Shift+${digit}` : digit;
  return /^[a-z]$/i.test(event.key) && !event.shiftKey ? event.key.toUpperCase() : null;
}

/** Do what a key stands for, unless something is being typed. */
export function handleShortcut(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented) return;
  const key = isTyping(event.target) ? null : nameOfKey(event);
  const target = key && document.querySelector<HTMLElement>(`[aria-keyshortcuts="${key}"]:not(:disabled)`);
  if (!target) return;
  event.preventDefault();
  target.focus();
  if (target.matches(PRESSED)) target.click();
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input:not([type=checkbox]), select, textarea");
}
