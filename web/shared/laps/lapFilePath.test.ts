import { expect, test } from "vitest";
import { isImported, lapFilePath } from "./lapFilePath";

test("the file of a lap is with its trace, that of an imported lap with itself", () => {
  expect(lapFilePath("192.0.2.7~1~0~0~1~0")).toBe("/api/v1/laps/192.0.2.7~1~0~0~1~0/trace?format=f1lap");
  expect(lapFilePath("imported~a1")).toBe("/api/v1/imported-laps/imported~a1/file");
});

test("an id says whether a lap was imported", () => {
  expect(isImported("imported~a1")).toBe(true);
  expect(isImported("192.0.2.7~1~0~0~1~0")).toBe(false);
});
