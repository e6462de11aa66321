import { afterEach, expect, it, vi } from "vitest";

const refusal = { code: "driver-name-taken", values: { name: "Ada {code}" } };
const english = "There is a driver Ada {code} already; choose that driver, or another name.";

async function said(language: string, code: string): Promise<string | null> {
  vi.stubGlobal("location", { search: `?lang=${language}` });
  vi.stubGlobal("navigator", { languages: [] });
  vi.resetModules();
  await import("./words");
  const { refusalText } = await import("../problems");
  return refusalText({ ...refusal, code }, english);
}

afterEach(() => vi.unstubAllGlobals());

it("says in each language why an act is refused", async () => {
  expect(await said("en", refusal.code)).toBe(english);
  expect(await said("it", refusal.code)).toBe(
    "C’è già un pilota Ada {code}; scegli quello, oppure un altro nome.",
  );
});

it("leaves a code without words, and a record that is gone, to the words for their kind", async () => {
  expect(await said("it", "new-code")).toBeNull();
  expect(await said("en", "no-such-record")).toBeNull();
  expect(await said("it", "no-such-record")).toBeNull();
});
