import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

// What would write HTML or an inline style: names from games are text, and the content security policy refuses styles.
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
      // Our addresses are plain ones: there is no SvelteKit that could resolve them.
      "svelte/no-navigation-without-resolve": "off",
      eqeqeq: "error",
      "no-eval": "error",
    },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: [".svelte"], svelteConfig } },
    // TypeScript itself looks for undefined names there.
    rules: { "no-undef": "off" },
  },
);
