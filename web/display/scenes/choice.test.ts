import { describe, expect, it } from "vitest";
import { SCENE_NAMES } from "../../shared/scenes/names";
import { cardOf, chooseScene, pinOf } from "./choice";
import { SCENES } from "./table";

const RACE = { scene: "race", rig: "10.0.0.5", session_id: "s1" } as const;

it("has a component for each name, in the same order", () => {
  expect(Object.keys(SCENES)).toEqual([...SCENE_NAMES]);
});

describe("the address of a screen", () => {
  it("pins a scene and a rig", () => {
    expect(pinOf("?scene=leaderboard&rig=10.0.0.6")).toEqual({
      scene: "leaderboard",
      unknown: null,
      rig: "10.0.0.6",
    });
  });

  it("leaves the choice to the server, also with options of the board", () => {
    expect(pinOf("?rows=8&rail=0&scene=")).toEqual({ scene: null, unknown: null, rig: null });
  });

  it.each(["?circuit=Monza", "?meeting=m1", "?assists=none"])(
    "shows the board that it chooses: %s",
    (search) => {
      expect(pinOf(search).scene).toBe("leaderboard");
    },
  );

  it.each(["towr", "Leaderboard", "constructor"])("may have an unknown name: %s", (name) => {
    const pin = pinOf(`?scene=${name}`);
    expect(pin).toEqual({ scene: null, unknown: name, rig: null });
    expect(chooseScene(pin, null, RACE)).toBeNull();
  });
});

describe("the shown scene", () => {
  it("is not known before the server has said what the room sees", () => {
    expect(chooseScene(pinOf(""), null, null)).toBeNull();
  });

  it("is the pinned one without the server", () => {
    expect(chooseScene(pinOf("?scene=leaderboard"), null, null)).toEqual({
      scene: "leaderboard",
      rig: null,
      session: null,
    });
  });

  it("is that of the room, with its rig and its session", () => {
    const choice = chooseScene(pinOf(""), null, { ...RACE, scene: "leaderboard" });
    expect(choice).toEqual({ scene: "leaderboard", rig: "10.0.0.5", session: "s1" });
  });

  it("has the session of the room only for the rig of the room", () => {
    expect(chooseScene(pinOf("?rig=10.0.0.9"), null, RACE)).toMatchObject({ rig: "10.0.0.9", session: null });
  });
});

describe("what staff sent", () => {
  const row = (id: string) => ({ id, scene: "leaderboard", delay_s: 0, is_blank: false });
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
