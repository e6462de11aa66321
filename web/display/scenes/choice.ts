/** Which scene a screen shows: the one in its address, else the one that the server chooses for the room. */
import { choosesOtherBoard, parseOptions } from "../../board/options";
import type { StageFacts } from "../../shared/rows";
import { sceneNamed, type SceneName } from "../../shared/scenes/names";

/** What the address of a screen says about scenes. */
export interface Pin {
  /** Null leaves the choice to the server. */
  readonly scene: SceneName | null;
  /** A name in the address that no scene has. */
  readonly unknown: string | null;
  /** Null shows the rig that the server chooses. */
  readonly rig: string | null;
}

/** What is shown. */
export interface Choice {
  readonly scene: SceneName;
  readonly rig: string | null;
  readonly session: string | null;
}

/** `?scene= &rig=` of an address; one that chooses a board is that of the leaderboard. */
export function pinOf(search: string): Pin {
  const query = new URLSearchParams(search);
  const name = query.get("scene") || null;
  const implied = choosesOtherBoard(parseOptions(search)) ? "leaderboard" : null;
  return {
    scene: name === null ? implied : sceneNamed(name),
    unknown: name !== null && sceneNamed(name) === null ? name : null,
    rig: query.get("rig") || null,
  };
}

/** The scene to show; null before the server has said what the room sees. */
export function chooseScene(pin: Pin, stage: StageFacts | null): Choice | null {
  if (pin.unknown !== null || (pin.scene === null && stage === null)) return null;
  return {
    // A page that is older than the server may lack a scene.
    scene: pin.scene ?? sceneNamed(stage?.scene) ?? "leaderboard",
    rig: pin.rig ?? stage?.rig ?? null,
    session: pin.rig ? null : (stage?.session_id ?? null),
  };
}
