import { expect, it } from "vitest";
import { delimiterOfExcel } from "./fileForms";

it("separates cells as Excel expects it in each language", () => {
  expect(["en", "it", "de", "fr"].map(delimiterOfExcel)).toEqual([",", ";", ";", ";"]);
});
