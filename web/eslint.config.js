import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

// HTML and inline styles: names from the games are text, and the content security policy refuses inline styles.
const forbidden = [
  {
    selector: "SvelteAttribute[key.name='style']",
    message: "The CSP refuses inline styles: use style:property={…}.",
  },
  {
    selector: "MemberExpression[property.name=/^(innerHTML|outerHTML|insertAdjacentHTML)$/]",
    message: "Names are text, never HTML: use textContent.",
  },
];

export default ts.config(
  { ignores: ["node_modules/", "shared/openapi.d.ts", "shared/rows.d.ts"] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node, __BUILD__: "readonly" } },
    rules: {
      "no-restricted-syntax": ["error", ...forbidden],
      "svelte/no-at-html-tags": "error",
      // The pages do not use SvelteKit, whose resolve() this rule expects.
      "svelte/no-navigation-without-resolve": "off",
      eqeqeq: "error",
      "no-eval": "error",
    },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: [".svelte"], svelteConfig } },
    // TypeScript finds undefined names there.
    rules: { "no-undef": "off" },
  },
);
