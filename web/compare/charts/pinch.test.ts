import { expect, it } from "vitest";
import { pinched } from "./pinch";

it("keeps the places under the fingers", () => {
  expect(pinched([0, 1000], [0.4, 0.6], [0.2, 0.8])).toEqual([
    expect.closeTo(333.33, 1),
    expect.closeTo(666.67, 1),
  ]);
  expect(pinched([100, 200], [0, 1], [0.5, 1])).toEqual([0, 200]);
});

it("moves with both fingers", () => {
  const [from, to] = pinched([0, 1000], [0.4, 0.6], [0.5, 0.7]);
  expect([Math.round(from), Math.round(to)]).toEqual([-100, 900]);
});

it("does nothing while the fingers are at one place or crossed", () => {
  expect(pinched([0, 1000], [0.4, 0.6], [0.5, 0.505])).toEqual([0, 1000]);
  expect(pinched([0, 1000], [0.4, 0.6], [0.6, 0.4])).toEqual([0, 1000]);
});
