import { expect, it } from "vitest";
import { spokenTime } from "./numbers";

it.each([
  [83_456, "one twenty-three four five six", "uno ventitré quattro cinque sei"],
  [58_321, "fifty-eight three two one", "cinquantotto tre due uno"],
  [65_010, "one oh five zero one zero", "uno zero cinque zero uno zero"],
  [120_000, "two oh zero zero zero zero", "due zero zero zero zero zero"],
  [91_999, "one thirty-one nine nine nine", "uno trentuno nove nove nove"],
  [700_100, "eleven forty one zero zero", "undici quaranta uno zero zero"],
])("says %i ms", (ms, english, italian) => {
  expect(spokenTime(ms, "en")).toBe(english);
  expect(spokenTime(ms, "it")).toBe(italian);
});
