/** Which scene a screen shows: one of its address, else one that staff sent, else the one of the room. */
import { choosesOtherBoard, parseOptions } from "../../board/options";
import type { ScreenRow, StageFacts } from "../../shared/rows";
import { scenesIn, type SceneName } from "../../shared/scenes/names";
import { SCENES } from "./table";

/** The id of the row for the screens that have none. */
export const ALL_SCREENS = "*";

type Screen = Readonly<{ name?: string; code: string }>;

const USUAL_TURN_S = 15;
const LEAST_TURN_S = 2;
const MOST_TURN_S = 3600;

/** Scenes that are shown one after the other; a single one is shown always. */
export interface Turns {
  readonly scenes: readonly SceneName[];
  /** How long each is shown. */
  readonly turnMs: number;
  /** A race or a result of the room is shown instead. */
  readonly yieldsToRace: boolean;
}

/** What the address of a screen says about scenes. */
export interface Pin {
  /** Null leaves the choice to the server. */
  readonly turns: Turns | null;
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
  /** Milliseconds since its turn began; server time if it is the only scene. */
  readonly elapsed: number;
}

/** `?scene= &turn= &pause= &rig=` of an address; one that chooses a board is that of the leaderboard. */
export function pinOf(search: string): Pin {
  const query = new URLSearchParams(search);
  const implied = choosesOtherBoard(parseOptions(search)) ? "leaderboard" : null;
  const { scenes, unknown } = scenesIn(query.get("scene") || implied);
  const turnS = Math.min(MOST_TURN_S, Math.max(LEAST_TURN_S, Number(query.get("turn")) || USUAL_TURN_S));
  const yieldsToRace = scenes.length > 1 && query.get("pause") === "1";
  return {
    turns: scenes.length ? { scenes, turnMs: turnS * 1000, yieldsToRace } : null,
    unknown,
    rig: query.get("rig") || null,
  };
}

/** What staff sent to a screen: its own row of the view `screens`, else that for all screens; null if neither. */
export function cardOf(rows: ReadonlyMap<string, ScreenRow>, { name, code }: Screen): ScreenRow | null {
  return rows.get(name ?? code) ?? rows.get(ALL_SCREENS) ?? null;
}

/** The scenes that staff sent; null leaves the choice to the server. */
export function turnsOf(card: ScreenRow | null): Turns | null {
  // A page that is older than the server may lack a scene.
  const { scenes } = scenesIn(card?.scene);
  if (!card || !scenes.length) return null;
  return {
    scenes,
    turnMs: card.turn_s * 1000,
    yieldsToRace: scenes.length > 1 && !card.turns_in_race,
  };
}

/**
 * The scene to show; null before the server has said what the room sees.
 *
 * @param sent what staff sent to the screen; null leaves the choice to the server.
 * @param now server time, so that all screens change at the same moment.
 * @param slidesMs how long all slides together are shown; 0 without slides.
 */
export function chooseScene(
  pin: Pin,
  sent: Turns | null,
  stage: StageFacts | null,
  now: number,
  slidesMs = 0,
): Choice | null {
  const turns = pin.turns ?? sent;
  if (pin.unknown !== null || (stage === null && (pin.turns === null || pin.turns.yieldsToRace))) return null;
  const ofRoom = scenesIn(stage?.scene).scenes[0] ?? "leaderboard";
  const isRace = ofRoom === "race" || ofRoom === "result";
  const rig = pin.rig ?? stage?.rig ?? null;
  const session = pin.rig ? null : (stage?.session_id ?? null);
  const shown =
    turns && !(turns.yieldsToRace && isRace)
      ? inTurn(turns, now, { rig, session, slides: slidesMs || null })
      : { scene: ofRoom, elapsed: now };
  return { ...shown, rig, session };
}

/** What there is to show; null where there is none. */
interface Available {
  readonly rig: string | null;
  readonly session: string | null;
  /** How long all slides together are shown. */
  readonly slides: number | null;
}

/** The scene whose turn it is; of several, those are left out that need something which is not there. */
function inTurn(
  { scenes, turnMs }: Turns,
  now: number,
  has: Available,
): { scene: SceneName; elapsed: number } {
  const possible = scenes.filter((scene) => {
    const { needs } = SCENES[scene];
    return needs === "nothing" || has[needs] !== null;
  });
  const shown = possible.length ? possible : scenes;
  if (shown.length === 1 && shown[0]) return { scene: shown[0], elapsed: now };
  const lasts = (scene: SceneName) => (scene === "slides" && has.slides) || turnMs;
  let elapsed = now % shown.reduce((sum, scene) => sum + lasts(scene), 0);
  for (const scene of shown) {
    if (elapsed < lasts(scene)) return { scene, elapsed };
    elapsed -= lasts(scene);
  }
  return { scene: "leaderboard", elapsed: now };
}
