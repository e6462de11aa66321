import { expect, it } from "vitest";
import { joinPages } from "./joinPages";

it("joins the pages of a list into one file", () => {
  expect(joinPages(["id\r\na\r\n", "id\r\nb\r\n"], "csv")).toBe("id\r\na\r\nb\r\n");
  expect(JSON.parse(joinPages(['{"items":[1]}', '{"items":[2]}'], "json"))).toEqual([1, 2]);
});
