import { expect, it, vi } from "vitest";

vi.stubGlobal("location", { search: "", origin: "http://here" });
const { nextPath, signInPath } = await import("./access");

it.each([
  ["?next=%2Fadmin", "/admin"],
  ["?next=%2Fadmin%2Fusers%3Flang%3Dit", "/admin/users?lang=it"],
  ["?next=%2F%2Fevil.example", "/home"],
  ["?next=%2F%5Cevil.example", "/home"],
  ["?next=%2F%09%2Fevil.example", "/home"],
  ["?next=https%3A%2F%2Fevil.example", "/home"],
  ["?next=javascript%3Aalert(1)", "/home"],
  ["?next=", "/home"],
  ["", "/home"],
])("signing in with %s opens %s", (search, path) => {
  expect(nextPath(search, "/home")).toBe(path);
});

it("the sign-in page leads back", () => {
  expect(nextPath(signInPath("/admin?lang=it").slice("/login".length), "/")).toBe("/admin?lang=it");
});
