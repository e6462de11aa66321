import { expect, it } from "vitest";
import { nameOfKey } from "./shortcuts";

it("names letters and digits, digits also with Shift on every keyboard", () => {
  const name = (key: string, code: string, shiftKey = false) => nameOfKey({ key, code, shiftKey });
  expect(name("q", "KeyQ")).toBe("Q");
  expect(name("1", "Digit1")).toBe("1");
  expect(name("!", "Digit1", true)).toBe("Shift+1");
  expect(name("Q", "KeyQ", true)).toBeNull();
  expect(name("Tab", "Tab")).toBeNull();
});
