import { vitePreprocess } from "@sveltejs/vite-plugin-svelte";

// Vite processes the styles after Svelte, which would remove the rules that oldBrowserCss.ts adds.
export default { preprocess: vitePreprocess({ style: false }), compilerOptions: { runes: true } };
