import { expect, it } from "vitest";
import { overlayAddress } from "./address";
import { overlayNamed } from "./overlays";

const parse = (pathname: string, search = "") => overlayAddress({ pathname, search });

it.each([
  ["/overlay/tower", "tower"],
  ["/overlay/tower/", "tower"],
  ["/overlay", ""],
  ["/overlay/", ""],
  ["/overlay/a%20b", "a b"],
  ["/overlay/%E0%A4%A", "%E0%A4%A"],
])("reads the name of the overlay in %s", (pathname, name) => {
  expect(parse(pathname).name).toBe(name);
});

it("reads every option", () => {
  expect(parse("/overlay/leaderboard", "?rig=10.0.0.5&bg=chroma&delay=2.5&top=4")).toEqual({
    name: "leaderboard",
    rig: "10.0.0.5",
    background: "chroma",
    delayMs: 2_500,
    top: 4,
  });
});

it.each(["", "?top=x&delay=&bg=pink", "?top=NaN&delay=Infinity"])("takes defaults for %s", (search) => {
  expect(parse("/overlay/tower", search)).toEqual({
    name: "tower",
    rig: null,
    background: "transparent",
    delayMs: 0,
    top: 10,
  });
});

it("bounds numbers", () => {
  expect(parse("/overlay/tower", "?top=1000&delay=9999")).toMatchObject({ top: 24, delayMs: 120_000 });
  expect(parse("/overlay/tower", "?top=-3&delay=-1")).toMatchObject({ top: 1, delayMs: 0 });
});

it.each(["", "towr", "constructor", "__proto__", "toString"])("has no overlay named %j", (name) => {
  expect(overlayNamed(name)).toBeNull();
});

it("has the overlay of a known name", () => {
  expect(overlayNamed("tower")).toMatchObject({ needsRig: true });
});
