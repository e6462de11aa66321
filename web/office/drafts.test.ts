import { expect, it } from "vitest";
import { afterSaving } from "./drafts";

it("a saved entry is cleared", () => {
  expect(afterSaving("Anna", "Anna", "")).toBe("");
});

it("what was typed while the entry was being saved stays", () => {
  expect(afterSaving("Bruno", "Anna", "")).toBe("Bruno");
});
