/** Which scene a screen shows: that of its address, else the one that staff sent, else the one of the room. */
import { choosesOtherBoard, parseOptions } from "../../board/options";
import type { ScreenRow, StageFacts } from "../../shared/rows";
import { sceneNamed, type SceneName } from "../../shared/scenes/names";

/** The id of the row for the screens that have none. */
export const ALL_SCREENS = "*";

type Screen = Readonly<{ name?: string; code: string }>;

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

/** What staff sent to a screen: its own row of the view `screens`, else that for all screens; null if neither. */
export function cardOf(rows: ReadonlyMap<string, ScreenRow>, { name, code }: Screen): ScreenRow | null {
  return rows.get(name ?? code) ?? rows.get(ALL_SCREENS) ?? null;
}

/**
 * The scene to show; null before the server has said what the room sees.
 *
 * @param sent what staff sent to the screen; null leaves the choice to the server.
 */
export function chooseScene(pin: Pin, sent: string | null, stage: StageFacts | null): Choice | null {
  if (pin.unknown !== null || (pin.scene === null && stage === null)) return null;
  return {
    // A page that is older than the server may lack a scene.
    scene: pin.scene ?? sceneNamed(sent) ?? sceneNamed(stage?.scene) ?? "leaderboard",
    rig: pin.rig ?? stage?.rig ?? null,
    session: pin.rig ? null : (stage?.session_id ?? null),
  };
}
