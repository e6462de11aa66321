/** The address of an overlay: `/overlay/NAME?rig=…&top=…&bg=…&delay=…`. */
export const BACKGROUNDS = ["transparent", "chroma", "solid"] as const;
export type Background = (typeof BACKGROUNDS)[number];

export interface OverlayAddress {
  /** Empty at `/overlay`, which lists all overlays. */
  readonly name: string;
  /** Null shows the session that the server chooses for the room. */
  readonly rig: string | null;
  readonly background: Background;
  /** How late everything is shown, to match the delay of a stream. */
  readonly delayMs: number;
  /** How many rows a list shows. */
  readonly top: number;
}

const MOST_ROWS = 24;
const LONGEST_DELAY_S = 120;

/** Read an address; a wrong or missing option is the default. */
export function overlayAddress({ pathname, search }: Pick<Location, "pathname" | "search">): OverlayAddress {
  const query = new URLSearchParams(search);
  const background = query.get("bg");
  return {
    name: decoded(pathname.replace(/^\/overlay\/?/, "").replace(/\/$/, "")),
    rig: query.get("rig") || null,
    background: BACKGROUNDS.find((known) => known === background) ?? "transparent",
    delayMs: number(query.get("delay"), 0, LONGEST_DELAY_S, 0) * 1000,
    top: Math.round(number(query.get("top"), 1, MOST_ROWS, 10)),
  };
}

function number(text: string | null, least: number, most: number, otherwise: number): number {
  const value = Number(text);
  return text && Number.isFinite(value) ? Math.min(most, Math.max(least, value)) : otherwise;
}

/** A part of a path as text; as it is, if it is not encoded as addresses are. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
