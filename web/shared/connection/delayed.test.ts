import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Delayed } from "./delayed";

let passed: string[];
let lost: number;
let delayed: Delayed<string>;

beforeEach(() => {
  vi.useFakeTimers();
  [passed, lost] = [[], 0];
  delayed = new Delayed(
    (message) => passed.push(message),
    () => (lost += 1),
  );
});
afterEach(() => vi.useRealTimers());

it("passes messages on at once without a delay", () => {
  delayed.add("a");
  expect(passed).toEqual(["a"]);
});

it("passes each message on after the delay, in their order", () => {
  delayed.delayMs = 5_000;
  delayed.add("a");
  vi.advanceTimersByTime(1_000);
  delayed.add("b");
  vi.advanceTimersByTime(3_999);
  expect(passed).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(passed).toEqual(["a"]);
  vi.advanceTimersByTime(1_000);
  expect(passed).toEqual(["a", "b"]);
});

it("passes what waits on when the delay ends, before what is new", () => {
  delayed.delayMs = 5_000;
  delayed.add("a");
  delayed.delayMs = 0;
  delayed.add("b");
  expect(passed).toEqual(["a", "b"]);
});

it("lets messages wait longer when the delay grows", () => {
  delayed.delayMs = 1_000;
  delayed.add("a");
  delayed.delayMs = 3_000;
  vi.advanceTimersByTime(2_999);
  expect(passed).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(passed).toEqual(["a"]);
});

it("drops what waits if there is too much of it, and says so", () => {
  delayed.delayMs = 60_000;
  for (let count = 0; count <= 20_000; count += 1) delayed.add(`${count}`);
  vi.advanceTimersByTime(120_000);
  expect([passed, lost]).toEqual([[], 1]);
});
