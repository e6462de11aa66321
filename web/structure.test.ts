import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const here = fileURLToPath(new URL(".", import.meta.url));
const files = readdirSync(here, { recursive: true, encoding: "utf-8" })
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => /\.(ts|svelte)$/.test(path) && !path.startsWith("node_modules/"));
const known = new Set(files);

/** The files that a file imports, imports of types included. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(here, file), "utf-8");
  const paths = [...text.matchAll(/(?:from|import|import\()\s*"(\.[^"]+)"/g)].map((match) => match[1] ?? "");
  return paths.flatMap((path) => {
    const target = normalize(join(dirname(file), path)).replaceAll("\\", "/");
    return [target, `${target}.ts`, `${target}.d.ts`].filter((candidate) => known.has(candidate));
  });
}

const imports = new Map(files.map((file) => [file, importsOf(file)]));

/** A path of imports that leads from a file back to itself; null where there is none. */
function cycleFrom(file: string, path: readonly string[] = []): readonly string[] | null {
  if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
  if (safe.has(file)) return null;
  for (const target of imports.get(file) ?? []) {
    const cycle = cycleFrom(target, [...path, file]);
    if (cycle) return cycle;
  }
  safe.add(file);
  return null;
}
const safe = new Set<string>();

// What each folder may import besides itself.
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  shared: [],
  office: ["shared"],
  board: ["shared"],
  race: ["board", "shared"],
  admin: ["office", "race", "shared"],
  users: ["office", "shared"],
  display: ["board", "race", "shared"],
  car: ["board", "race", "shared"],
  overlay: ["board", "race", "shared"],
  me: ["board", "shared"],
  compare: ["race", "shared"],
  laps: ["shared"],
  home: ["shared"],
  login: ["shared"],
  setup: ["shared"],
  missing: ["shared"],
};
const folderOf = (file: string) => file.split("/")[0] ?? "";

it("has no import cycle, types included", () => {
  expect(imports.get("admin/main.ts")).toContain("admin/Admin.svelte");
  expect(files.flatMap((file) => cycleFrom(file) ?? [])).toEqual([]);
});

it("has pages that import only what they may share", () => {
  const wrong = files.flatMap((file) => {
    const folder = folderOf(file);
    const allowed = [folder, ...(ALLOWED[folder] ?? [])];
    return (imports.get(file) ?? [])
      .filter((target) => file.includes("/") && !allowed.includes(folderOf(target)))
      .map((target) => `${file} imports ${target}`);
  });
  expect(wrong).toEqual([]);
});

it("has folders of at most 15 files", () => {
  const counts = new Map<string, number>();
  for (const file of files) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
  expect([...counts].filter(([, count]) => count > 15)).toEqual([]);
});
