import { expect, it } from "vitest";
import { entrantPath } from "./comparePath";

it("links to the comparison on the board that the page shows", () => {
  expect(entrantPath("d:5", "?lang=it&rows=4")).toBe("/compare?entrant=d%3A5&lang=it");
  expect(entrantPath("r:10.0.0.1", "?circuit=Spa&meeting=m")).toBe(
    "/compare?entrant=r%3A10.0.0.1&meeting=m&circuit=Spa",
  );
});
