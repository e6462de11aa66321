import { describe, expect, it } from "vitest";
import { SCENE_NAMES } from "../../shared/scenes/names";
import type { StageFacts } from "../../shared/rows";
import { cardOf, chooseScene as choose, pinOf, turnsOf, type Pin } from "./choice";
import { SCENES } from "./table";

/** A row of the view `screens`. */
const row = (id: string, facts = {}) => ({
  ...{ id, scene: "leaderboard", delay_s: 0, is_blank: false, turn_s: 20, turns_in_race: false },
  ...facts,
});
const chooseScene = (pin: Pin, sent: string | null, stage: StageFacts | null, now = 0) =>
  choose(pin, sent === null ? null : turnsOf(row("TV", { scene: sent })), stage, now);

const RACE = { scene: "race", rig: "10.0.0.5", session_id: "s1" } as const;

it("has a component for each name, in the same order", () => {
  expect(Object.keys(SCENES)).toEqual([...SCENE_NAMES]);
});

describe("the address of a screen", () => {
  it("pins a scene and a rig", () => {
    expect(pinOf("?scene=leaderboard&rig=10.0.0.6")).toEqual({
      turns: { scenes: ["leaderboard"], turnMs: 15_000, yieldsToRace: false },
      unknown: null,
      rig: "10.0.0.6",
    });
  });

  it("leaves the choice to the server, also with options of the board", () => {
    expect(pinOf("?rows=8&rail=0&scene=")).toEqual({ turns: null, unknown: null, rig: null });
  });

  it.each(["?circuit=Monza", "?meeting=m1", "?assists=none"])(
    "shows the board that it chooses: %s",
    (search) => {
      expect(pinOf(search).turns?.scenes).toEqual(["leaderboard"]);
    },
  );

  it.each(["towr", "Leaderboard", "constructor"])("may have an unknown name: %s", (name) => {
    const pin = pinOf(`?scene=${name}`);
    expect(pin).toEqual({ turns: null, unknown: name, rig: null });
    expect(chooseScene(pin, null, RACE)).toBeNull();
  });
});

describe("the shown scene", () => {
  it("is not known before the server has said what the room sees", () => {
    expect(chooseScene(pinOf(""), null, null)).toBeNull();
  });

  it("is the pinned one without the server", () => {
    expect(chooseScene(pinOf("?scene=leaderboard"), null, null)).toMatchObject({
      scene: "leaderboard",
      rig: null,
      session: null,
    });
  });

  it("is that of the room, with its rig and its session", () => {
    const choice = chooseScene(pinOf(""), null, { ...RACE, scene: "leaderboard" });
    expect(choice).toMatchObject({ scene: "leaderboard", rig: "10.0.0.5", session: "s1" });
  });

  it("has the session of the room only for the rig of the room", () => {
    expect(chooseScene(pinOf("?rig=10.0.0.9"), null, RACE)).toMatchObject({ rig: "10.0.0.9", session: null });
  });
});

describe("what staff sent", () => {
  const rows = new Map(["TV", "KXQT", "*"].map((id) => [id, row(id)]));

  it("is the row of the screen's name, or of its letters if it has no name", () => {
    expect(cardOf(rows, { name: "TV", code: "KXQT" })?.id).toBe("TV");
    expect(cardOf(rows, { code: "KXQT" })?.id).toBe("KXQT");
  });

  it("is the row for all screens where a screen has none", () => {
    expect(cardOf(rows, { name: "Other", code: "KXQT" })?.id).toBe("*");
    expect(cardOf(new Map(), { code: "KXQT" })).toBeNull();
  });

  it("goes before the room, but not before the address", () => {
    expect(chooseScene(pinOf(""), "leaderboard", RACE)?.scene).toBe("leaderboard");
    expect(chooseScene(pinOf("?scene=leaderboard"), "other", RACE)?.scene).toBe("leaderboard");
  });

  it("does not count if this page has no such scene", () => {
    expect(chooseScene(pinOf(""), "from-the-future", { ...RACE, scene: "leaderboard" })?.scene).toBe(
      "leaderboard",
    );
  });
});

describe("scenes in turn", () => {
  const board = { ...RACE, scene: "leaderboard" } as const;
  const shown = (pin: Pin, stage: StageFacts | null, sent: string | null = null) =>
    [0, 19_999, 20_000, 40_000].map((now) => chooseScene(pin, sent, stage, now)?.scene);

  it("are those of the address, each for the seconds in it", () => {
    expect(shown(pinOf("?scene=leaderboard,next&turn=20"), null)).toEqual([
      "leaderboard",
      "leaderboard",
      "next",
      "leaderboard",
    ]);
    expect(pinOf("?scene=leaderboard,next").turns?.turnMs).toBe(15_000);
    expect(pinOf("?scene=leaderboard,next&turn=0.1").turns?.turnMs).toBe(2_000);
  });

  it("are said if one of them does not exist", () => {
    expect(pinOf("?scene=leaderboard,towr,next").unknown).toBe("towr");
  });

  it("wait for a race if staff sent them, and go on in it if staff wants it so", () => {
    expect(shown(pinOf(""), board, "next,leaderboard")[0]).toBe("next");
    expect(shown(pinOf(""), RACE, "next,leaderboard")).toEqual(["race", "race", "race", "race"]);
    const always = turnsOf(row("TV", { scene: "next,leaderboard", turns_in_race: true }));
    expect(choose(pinOf(""), always, RACE, 0)?.scene).toBe("next");
  });

  it("of an address go on in a race, unless it says that they wait", () => {
    expect(shown(pinOf("?scene=next,car&turn=20"), RACE)[0]).toBe("next");
    expect(shown(pinOf("?scene=next,car&turn=20&pause=1"), RACE)[0]).toBe("race");
    expect(chooseScene(pinOf("?scene=next,car&pause=1"), null, null)).toBeNull();
  });

  it("leave out those that have nothing to show", () => {
    const none = { scene: "leaderboard", rig: null, session_id: null } as const;
    expect(shown(pinOf("?scene=map,next,result&turn=20"), none)).toEqual(["next", "next", "next", "next"]);
    expect(shown(pinOf("?scene=map,result&turn=20"), none)[0]).toBe("map");
  });

  it("give slides as long as they last together, and leave them out without slides", () => {
    const pin = pinOf("?scene=leaderboard,slides&turn=20");
    const at = (now: number, slidesMs: number) => {
      const choice = choose(pin, pin.turns, null, now, slidesMs);
      return [choice?.scene, choice?.elapsed];
    };
    expect(at(19_999, 7_000)).toEqual(["leaderboard", 19_999]);
    expect(at(20_000, 7_000)).toEqual(["slides", 0]);
    expect(at(26_999, 7_000)).toEqual(["slides", 6_999]);
    expect(at(27_000, 7_000)).toEqual(["leaderboard", 0]);
    expect(at(20_000, 0)).toEqual(["leaderboard", 20_000]);
  });
});
