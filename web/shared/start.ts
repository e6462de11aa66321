/** The start of every page: preferences, language, title, then its component. */
import "./style/fonts.css";
import "./style/theme.css";
import { mount, type Component } from "svelte";
import { language } from "./language/translate";
import { t } from "./language/words";
import { addMissingMethods } from "./oldBrowsers/methods";
import { applyPreferences, parsePreferences } from "./preferences";

/** Show a page. In the browser's tab, the product's name follows the title. */
export async function start(page: Component, title: string): Promise<void> {
  const root = document.documentElement;
  root.lang = language;
  applyPreferences(parsePreferences(location.search), root);
  document.title = title === t("product.name") ? title : `${title} · ${t("product.name")}`;
  await addMissingMethods();
  mount(page, { target: document.body });
}
