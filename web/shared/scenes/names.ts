/** The names of the scenes that a screen can show; their words are `scene.NAME`, their components in display/scenes/. */
export const SCENE_NAMES = ["leaderboard", "race", "car", "map", "result", "next", "tower"] as const;

export type SceneName = (typeof SCENE_NAMES)[number];

/** The scene of this name; null if there is none. */
export function sceneNamed(name: string | null | undefined): SceneName | null {
  return SCENE_NAMES.find((known) => known === name) ?? null;
}
