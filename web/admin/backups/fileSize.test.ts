import { expect, it } from "vitest";
import { fileSize } from "./fileSize";

it.each([
  [0, "0.0 kB"],
  [123_456, "123 kB"],
  [4_210_688, "4.2 MB"],
  [98_765_432, "99 MB"],
  [1_234_567_890, "1.2 GB"],
])("%i bytes", (bytes, text) => {
  expect(fileSize(bytes)).toBe(text);
});
