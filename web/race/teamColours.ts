/** A colour for each team, to tell cars apart; they are near the colours that spectators know, and no team's own. */

const KNOWN: Readonly<Record<string, string>> = {
  mercedes: "#1fc7b6",
  ferrari: "#e5352f",
  "red bull": "#3f63dd",
  williams: "#3aa0f2",
  "aston martin": "#16906c",
  alpine: "#f07fc0",
  "alpha tauri": "#8aa6d6",
  rb: "#7f95ff",
  haas: "#b9c0c9",
  mclaren: "#ff8c26",
  "alfa romeo": "#a33a4a",
  sauber: "#5bd847",
  audi: "#d8d0c4",
  cadillac: "#c9a24e",
  "racing point": "#f3a3c7",
  renault: "#f2d023",
};
const OTHERS = ["#5fb3d9", "#d98a5f", "#8fd95f", "#b07fe0", "#d9c75f", "#5fd9b0", "#e07f9f", "#9fb0c0"];

/** The colour of a team, by its name in the game; null without a team. Years in the name do not matter. */
export function teamColour(team: string | null | undefined): string | null {
  if (!team) return null;
  const name = team
    .toLowerCase()
    .replace(/[‘’']?\d{2,4}$/, "")
    .replace(/ racing\s*$/, "")
    .trim();
  const sum = [...name].reduce((total, letter) => (total * 31 + (letter.codePointAt(0) ?? 0)) % 65_521, 7);
  return KNOWN[name] ?? OTHERS[sum % OTHERS.length] ?? null;
}
