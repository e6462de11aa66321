/** Asks for the laps of the address and for the font, while the browser still reads the script of the page. */
import { parseAsked, parseState } from "./address";
import { findLaps, LapReader } from "./reading";

/** Reads the laps of the page; what it was asked for here is not asked again. */
export const reader = new LapReader();

const asked = parseAsked(location.search);
/** The laps that a link asks for; null if the address names the laps itself. */
export const foundLaps = asked && findLaps(asked);

/** The laps that the page begins with; fails if they are not found. */
export const firstLaps = foundLaps ? foundLaps.then((laps) => reader.read(laps, 0)) : readNamed();

/** Ends when charts can be drawn with their font; browsers load a font no sooner than they are asked to. */
export const firstFont = styles().then(() =>
  document.fonts.load(`1em ${getComputedStyle(document.documentElement).fontFamily}`),
);

// The page says what went wrong with the laps, and does without its font.
firstLaps.catch(() => undefined);
firstFont.catch(() => undefined);

async function readNamed() {
  const { laps, reference } = parseState(location.search);
  return reader.read(laps, reference);
}

/** Waits for the style sheets, which name the font; this script may come before them. */
async function styles(): Promise<unknown> {
  if (document.readyState === "loading")
    await new Promise((done) => document.addEventListener("readystatechange", done));
  const links = [...document.querySelectorAll<HTMLLinkElement>("link[rel=stylesheet]")];
  const missing = links.filter((link) => link.sheet === null);
  return Promise.all(
    missing.map(
      (link) => new Promise((done) => ["load", "error"].map((end) => link.addEventListener(end, done))),
    ),
  );
}
