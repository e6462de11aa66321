/** The overlays by name: a new one is a component in parts/ and a line here. */
import type { Component } from "svelte";

export interface PartProps {
  /** The rig whose session is shown; null for overlays that need none. */
  readonly rig: string;
}

export interface OverlayKind {
  readonly load: () => Promise<{ readonly default: Component<PartProps> | Component<Record<string, never>> }>;
  /** Without a rig that sends, it stays empty. */
  readonly needsRig: boolean;
}

/** The overlay of this name; null if there is none. A name is any text, such as `constructor`. */
export function overlayNamed(name: string): OverlayKind | null {
  return Object.keys(OVERLAYS).includes(name) ? (OVERLAYS[name] ?? null) : null;
}

export const OVERLAYS: Readonly<Record<string, OverlayKind>> = {
  tower: { needsRig: true, load: () => import("./parts/TowerPart.svelte") },
  leaderboard: { needsRig: false, load: () => import("./parts/BoardPart.svelte") },
  driver: { needsRig: true, load: () => import("./parts/DriverPart.svelte") },
  battle: { needsRig: true, load: () => import("./parts/BattlePart.svelte") },
  timer: { needsRig: true, load: () => import("./parts/TimerPart.svelte") },
  flag: { needsRig: true, load: () => import("./parts/FlagPart.svelte") },
  ticker: { needsRig: true, load: () => import("./parts/TickerPart.svelte") },
  result: { needsRig: true, load: () => import("./parts/ResultPart.svelte") },
};
