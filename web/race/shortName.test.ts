import { expect, it } from "vitest";
import { shortName } from "./shortName";

it("keeps a name that fits, and the last name of one that does not", () => {
  expect(shortName("Francesca Montanari")).toBe("Francesca Montanari");
  expect(shortName("Massimiliano Bortolotti")).toBe("M. Bortolotti");
  expect(shortName("Ana María de la Cruz Ortega")).toBe("A. María de la Cruz Ortega");
  expect(shortName("Francesca Montanari", 15)).toBe("F. Montanari");
  expect(shortName('<img src=x onerror="alert(1)">')).toBe('<img src=x onerror="alert(1)">');
  expect(shortName("Überlangerspitzname1234")).toBe("Überlangerspitzname1234");
});
