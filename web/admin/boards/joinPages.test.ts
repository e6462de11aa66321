import { expect, it } from "vitest";
import { joinPages } from "./joinPages";

it("joins the pages of a list into one file", () => {
  expect(JSON.parse(joinPages(['{"items":[1]}', '{"items":[2]}']))).toEqual([1, 2]);
});
