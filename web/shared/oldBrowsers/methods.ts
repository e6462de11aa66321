/** The methods that the pages use and Chromium 79 lacks; only browsers that lack one of them load their polyfills. */

const METHODS: readonly (readonly [object, string])[] = [
  [Array.prototype, "at"], // Chromium 92
  [String.prototype, "replaceAll"], // Chromium 85
  [Element.prototype, "getAnimations"], // Chromium 84
];

/** Add the methods that this browser lacks. */
export async function addMissingMethods(): Promise<void> {
  if (METHODS.some(([prototype, name]) => !(name in prototype))) await import("./polyfills");
}
