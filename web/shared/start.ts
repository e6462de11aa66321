/** How every page begins: its preferences, its language, its title, then its one component. */
import "./fonts.css";
import "./theme.css";
import { mount, type Component } from "svelte";
import { language, t } from "./language";
import { preferencesOf, show } from "./preferences";

/** Show a page. `title` goes before the product's name in the browser's tab. */
export function start(page: Component, title: string): void {
  const root = document.documentElement;
  root.lang = language;
  show(preferencesOf(location.search), root);
  document.title = title === t("product.name") ? title : `${title} · ${t("product.name")}`;
  mount(page, { target: document.body });
}
