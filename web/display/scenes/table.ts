/**
 * The scenes of `/display` by name: a new scene is a component in a folder here, a line in this table, and its name in
 * `SCENE_NAMES` of shared/scenes/names.ts.
 *
 * The code of a scene is a file of its own, loaded when the scene is shown for the first time.
 */
import type { Component } from "svelte";
import type { SceneName } from "../../shared/scenes/names";
import type { SceneProps } from "./props";

// A component that uses none of them declares none.
export type SceneComponent = Component<SceneProps> | Component<Record<string, never>>;

export interface Scene {
  readonly load: () => Promise<{ readonly default: SceneComponent }>;
  /** Without a rig or a session, the screen says that it waits for rigs. Without any of them, the scene has no turn. */
  readonly needs: "nothing" | "rig" | "session" | "slides";
}

export const SCENES: Readonly<Record<SceneName, Scene>> = {
  leaderboard: { needs: "nothing", load: () => import("./leaderboard/Leaderboard.svelte") },
  race: { needs: "rig", load: () => import("./race/Race.svelte") },
  car: { needs: "nothing", load: () => import("./car/Car.svelte") },
  map: { needs: "rig", load: () => import("./map/MapScene.svelte") },
  result: { needs: "session", load: () => import("./result/Result.svelte") },
  next: { needs: "nothing", load: () => import("./next/Next.svelte") },
  tower: { needs: "rig", load: () => import("./tower/TowerScene.svelte") },
  positions: { needs: "nothing", load: () => import("./positions/Positions.svelte") },
  trace: { needs: "nothing", load: () => import("./trace/Trace.svelte") },
  strategy: { needs: "nothing", load: () => import("./strategy/Strategy.svelte") },
  rigs: { needs: "nothing", load: () => import("./rigs/Rigs.svelte") },
  boards: { needs: "nothing", load: () => import("./boards/Boards.svelte") },
  slides: { needs: "slides", load: () => import("./slides/Slides.svelte") },
};
