/**
 * The preferences in the address of a page: `?lang= ?theme= ?motion= ?scale=`.
 *
 * Nothing is stored, so that a TV needs no account: the address is the setting, and links keep it.
 */
export const THEMES = ["dark", "light", "cvd"] as const;
export type Theme = (typeof THEMES)[number];

export interface Preferences {
  readonly theme: Theme;
  readonly motion: boolean;
  readonly scale: number;
}

const NAMES = ["lang", "theme", "motion", "scale"];
const SMALLEST = 0.5;
const LARGEST = 4;

/** The preferences of an address; a missing or wrong one is the default. */
export function parsePreferences(search: string): Preferences {
  const query = new URLSearchParams(search);
  const theme = query.get("theme");
  const scale = Number(query.get("scale") ?? 1);
  return {
    theme: THEMES.find((known) => known === theme) ?? "dark",
    motion: query.get("motion") !== "off",
    scale: Number.isFinite(scale) && scale > 0 ? Math.min(LARGEST, Math.max(SMALLEST, scale)) : 1,
  };
}

/** A path of this server with the preferences of the current address. */
export function withPreferences(path: string, search: string = location.search): string {
  const query = new URLSearchParams(search);
  const preferences = new URLSearchParams(
    NAMES.flatMap((name) => query.getAll(name).map((value) => [name, value])),
  );
  const text = preferences.toString();
  return text ? `${path}${path.includes("?") ? "&" : "?"}${text}` : path;
}

/** Apply preferences: theme and motion as attributes that theme.css reads, the scale as a CSS property. */
export function applyPreferences(preferences: Preferences, root: HTMLElement): void {
  root.dataset["theme"] = preferences.theme;
  root.dataset["motion"] = preferences.motion ? "on" : "off";
  root.style.setProperty("--scale", String(preferences.scale));
}

/** The token of a screen, which may only view: `?token=`. On `/me`, `?token=` is a driver's code instead. */
export function displayToken(address: Pick<Location, "pathname" | "search"> = location): string | null {
  return address.pathname.startsWith("/me") ? null : new URLSearchParams(address.search).get("token");
}

/** Whether animations are allowed: neither `?motion=off` nor the system's setting forbids them. */
export function allowsMotion(): boolean {
  const prefersReducedMotion = matchMedia("(prefers-reduced-motion: reduce)").matches;
  return parsePreferences(location.search).motion && !prefersReducedMotion;
}
