import { expect, it } from "vitest";
import { fieldText, problemText } from "./problems";

it("never says what is for programs", () => {
  const listed = "There is no driver 'x'. GET /api/v1/drivers lists those that exist.";
  expect(problemText("not-found", listed, [])).toBe("It is no longer there. Reload the page.");
  expect(problemText("unauthorised", "Send a token: `Authorization: Bearer …`", [])).toContain("sign in");
  expect(problemText("method-not-allowed", "Use one of the methods", [])).toContain("refuses");
});

it("passes on what the server says to people", () => {
  expect(problemText("conflict", "This driver is deleted.", [])).toBe("This driver is deleted.");
  expect(fieldText({ where: "body.pin", message: "A PIN is 4 to 8 digits." })).toBe(
    "A PIN is 4 to 8 digits.",
  );
});

it("says what to write instead of what a validator found", () => {
  const message = "String should have at least 8 characters";
  expect(fieldText({ where: "body.password", message, kind: "string_too_short", limit: 8 })).toBe(
    "At least 8 characters.",
  );
  expect(fieldText({ where: "body.name", message, kind: "string_too_short", limit: 1 })).toBe(
    "This is missing.",
  );
  expect(fieldText({ where: "body.time", message, kind: "string_type" })).toBe("Write the time as 1:23.456.");
  expect(fieldText({ where: "body.other", message, kind: "string_type" })).toBe("This is not possible here.");
  expect(problemText("invalid-request", "Correct what is listed in errors.", ["Write it."])).toBe(
    "Write it.",
  );
});
