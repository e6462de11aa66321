/**
 * What a page's address says about how to show it: `?lang= ?theme= ?motion= ?scale=`.
 *
 * There is nothing to log in to on a TV and nothing is stored: the address is the setting, and links keep it.
 */
export const THEMES = ["dark", "light", "cvd"] as const;
export type Theme = (typeof THEMES)[number];

export interface Preferences {
  readonly theme: Theme;
  readonly motion: boolean;
  readonly scale: number;
}

const KEPT = ["lang", "theme", "motion", "scale"];
const SMALLEST = 0.5;
const LARGEST = 4;

/** What an address says; what it does not say, or says wrongly, is the default. */
export function preferencesOf(search: string): Preferences {
  const query = new URLSearchParams(search);
  const theme = query.get("theme");
  const scale = Number(query.get("scale") ?? 1);
  return {
    theme: THEMES.find((one) => one === theme) ?? "dark",
    motion: query.get("motion") !== "off",
    scale: Number.isFinite(scale) && scale > 0 ? Math.min(LARGEST, Math.max(SMALLEST, scale)) : 1,
  };
}

/** A path of ours with the preferences of the address that is open now. */
export function keeping(path: string, search: string = location.search): string {
  const query = new URLSearchParams(search);
  const kept = new URLSearchParams(KEPT.flatMap((name) => query.getAll(name).map((value) => [name, value])));
  const text = kept.toString();
  return text ? `${path}${path.includes("?") ? "&" : "?"}${text}` : path;
}

/** Show them: the theme and motion as attributes that theme.css reads, the scale as a property. */
export function show(preferences: Preferences, root: HTMLElement): void {
  root.dataset["theme"] = preferences.theme;
  root.dataset["motion"] = preferences.motion ? "on" : "off";
  root.style.setProperty("--scale", String(preferences.scale));
}

/** The token of a screen that may only look: `?token=`. On `/me` that is a driver's code, which lets nobody in. */
export function displayToken(address: Pick<Location, "pathname" | "search"> = location): string | null {
  return address.pathname.startsWith("/me") ? null : new URLSearchParams(address.search).get("token");
}

/** Whether things may move: neither `?motion=off` nor the system asks for stillness. */
export function mayMove(): boolean {
  const wantsStillness = matchMedia("(prefers-reduced-motion: reduce)").matches;
  return preferencesOf(location.search).motion && !wantsStillness;
}
