import { expect, it, vi } from "vitest";
import { fileNameOf } from "./picture";

// uPlot asks the browser for the resolution of the screen as soon as it is imported.
vi.mock("uplot", () => ({ default: {} }));

it("names the file after the circuit and the drivers", () => {
  expect(fileNameOf("Monza", ["Anna", "Zoë"])).toBe("Monza - Anna - Zoë.png");
  expect(fileNameOf("", ["a:/b*c", "–"])).toBe("a b c.png");
  expect(fileNameOf("", [])).toBe("laps.png");
});
