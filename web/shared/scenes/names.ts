/** The names of the scenes that a screen can show; their words are `scene.NAME`, their components in display/scenes/. */
export const SCENE_NAMES = [
  "leaderboard",
  "race",
  "car",
  "map",
  "result",
  "next",
  "tower",
  "positions",
  "trace",
  "strategy",
  "rigs",
  "boards",
  "slides",
] as const;

export type SceneName = (typeof SCENE_NAMES)[number];

/** The scenes of a list with commas, and the first name in it that no scene has. */
export function scenesIn(list: string | null | undefined): { scenes: SceneName[]; unknown: string | null } {
  const names = (list ?? "").split(",").filter((name) => name !== "");
  return {
    scenes: names.flatMap((name) => SCENE_NAMES.find((known) => known === name) ?? []),
    unknown: names.find((name) => !(SCENE_NAMES as readonly string[]).includes(name)) ?? null,
  };
}
