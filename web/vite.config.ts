import { svelte } from "@sveltejs/vite-plugin-svelte";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { oldBrowserCss } from "./oldBrowserCss.ts";

const here = fileURLToPath(new URL(".", import.meta.url));

// A page is a folder with a main.ts; its address is in src/f1timings/web/pages.py.
const pages = readdirSync(here).filter((folder) => existsSync(`${here}${folder}/main.ts`));
const documentOf = (page: string) => `${here}${page}/index.html`;

// All pages have the same document, whose scripts and links are relative to the folder of the page.
const pageDocument: Plugin = {
  name: "page-document",
  enforce: "pre",
  resolveId: (id) => (pages.some((page) => documentOf(page) === id) ? id : undefined),
  load: (id) =>
    pages.some((page) => documentOf(page) === id)
      ? readFileSync(`${here}shared/page.html`, "utf-8")
      : undefined,
};

// The font's licence must be distributed with the font.
const licence: Plugin = {
  name: "font-licence",
  generateBundle() {
    const source = readFileSync(`${here}node_modules/@fontsource-variable/inter/LICENSE`, "utf-8");
    this.emitFile({ type: "asset", fileName: "assets/inter-OFL.txt", source });
  },
};

// Only a browser that is too old shows it: theme.css hides it from the others.
const tooOld: Plugin = {
  name: "too-old",
  transformIndexHtml(html) {
    return html.replace(
      "<body>",
      `<body>\n${readFileSync(`${here}shared/oldBrowsers/tooOld.html`, "utf-8")}`,
    );
  },
};

// uPlot makes formats for numbers and dates when it is read, which takes as long as drawing a chart. Our charts write
// their own numbers, and have no dates.
const FORMATS = [
  ["new Intl.NumberFormat(domEnv ? nav.language : 'en-US')", "{ format: String }"],
  ["new Intl.DateTimeFormat().resolvedOptions().timeZone", "undefined"],
] as const;
const noFormats: Plugin = {
  name: "no-formats",
  transform(code, id) {
    if (!id.endsWith("uPlot.esm.js")) return null;
    return FORMATS.reduce((text, [format, instead]) => {
      if (!text.includes(format)) this.error(`uPlot has no ${format} any more: see vite.config.ts`);
      return text.replace(format, instead);
    }, code);
  },
};

// A page with an ahead.ts runs it as soon as it can: it asks the server for what the page will show.
const aheadOf = (page: string) => `${here}${page}/ahead.ts`;
const ahead: Plugin = {
  name: "ahead",
  transformIndexHtml: {
    order: "post",
    handler(html, { bundle, filename }) {
      const source = filename.replace("index.html", "ahead.ts");
      const chunk = Object.values(bundle ?? {}).find(
        (output) => output.type === "chunk" && output.facadeModuleId === source,
      );
      if (!chunk) return html;
      const script = `<script type="module" async crossorigin src="/static/${chunk.fileName}"></script>`;
      return html.replace('<script type="module"', `${script}\n    $&`);
    },
  },
};

export default defineConfig({
  base: "/static/",
  plugins: [pageDocument, svelte(), licence, tooOld, noFormats, ahead],
  css: { postcss: { plugins: [oldBrowserCss] } },
  define: { __BUILD__: JSON.stringify(process.env["F1TIMINGS_BUILD"] ?? "development") },
  build: {
    // The oldest supported browsers: Chromium 79, of TVs with webOS 6, and Safari 15. The methods that they lack are
    // in shared/oldBrowsers/, and shared/oldBrowsers/tooOld.html is what an older browser shows.
    target: ["chrome79", "safari15"],
    // The content security policy refuses fonts in data: addresses.
    assetsInlineLimit: 0,
    manifest: "manifest.json",
    emptyOutDir: true,
    rollupOptions: {
      input: Object.fromEntries([
        ...pages.map((page) => [page, documentOf(page)]),
        ...pages.filter((page) => existsSync(aheadOf(page))).map((page) => [`${page}-ahead`, aheadOf(page)]),
      ]),
    },
  },
  test: { include: ["**/*.test.ts"], environment: "node" },
});
