import { svelte } from "@sveltejs/vite-plugin-svelte";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const here = fileURLToPath(new URL(".", import.meta.url));

// A page is a folder with an index.html; its address is in src/f1timings/web/pages.py.
const pages = readdirSync(here, { recursive: true, encoding: "utf-8" }).filter((path) =>
  /^(?!node_modules)[^/\\]+[/\\]index\.html$/.test(path),
);

// The font's licence must be distributed with the font.
const licence: Plugin = {
  name: "font-licence",
  generateBundle() {
    const source = readFileSync(`${here}node_modules/@fontsource-variable/inter/LICENSE`, "utf-8");
    this.emitFile({ type: "asset", fileName: "assets/inter-OFL.txt", source });
  },
};

export default defineConfig({
  base: "/static/",
  plugins: [svelte(), licence],
  define: { __BUILD__: JSON.stringify(process.env["F1TIMINGS_BUILD"] ?? "development") },
  build: {
    // The oldest supported browsers, for TV sticks that get no updates: Chromium 87 and Safari 15.
    target: "es2020",
    cssTarget: ["chrome87", "safari15"],
    // The content security policy refuses fonts in data: addresses.
    assetsInlineLimit: 0,
    manifest: "manifest.json",
    emptyOutDir: true,
    rollupOptions: { input: Object.fromEntries(pages.map((path) => [path.split(/[/\\]/)[0], here + path])) },
  },
  test: { include: ["**/*.test.ts"], environment: "node" },
});
