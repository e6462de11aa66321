/** What the cells of a tower say, from the rows of the view `tower:<rig>`; unknown is `–`. */
import { shortName } from "../shortName";
import { gap, UNKNOWN } from "../../shared/format";
import type { TowerRow } from "../../shared/rows";
import { plural, t } from "./words";

const BIT = {
  ai: 2,
  pitting: 8,
  inGarage: 32,
  inLap: 64,
  outLap: 128,
  finished: 256,
  retired: 512,
  disqualified: 1024,
} as const;
const NO_NAME = "Player";

export type State = "pit" | "garage" | "out-lap" | "in-lap" | "out" | "disqualified" | null;

export function has(row: TowerRow, flag: keyof typeof BIT): boolean {
  return (row.flags & BIT[flag]) !== 0;
}

export function isOut(row: TowerRow): boolean {
  return has(row, "retired") || has(row, "disqualified");
}

/** The person's name where it is known; people who hide their name have their number with it. */
export function nameOf(row: TowerRow): string {
  if (row.person !== null) return shortName(row.person);
  const number = row.race_number;
  if (row.participant === null) return number === null ? UNKNOWN : t("tower.car", { number });
  if (row.participant !== NO_NAME || number === null) return row.participant;
  return t("tower.numbered", { name: row.participant, number });
}

/** Where a car is if it does not simply drive. */
export function stateOf(row: TowerRow, isRace: boolean): State {
  if (has(row, "disqualified")) return "disqualified";
  if (has(row, "retired")) return "out";
  if (has(row, "pitting")) return "pit";
  if (isRace || has(row, "finished")) return null;
  if (has(row, "inGarage")) return "garage";
  if (has(row, "outLap")) return "out-lap";
  return has(row, "inLap") ? "in-lap" : null;
}

export function gapText(row: TowerRow): string {
  if (isOut(row)) return "";
  if (row.position === 1) return row.gap_ms === null && row.laps_down === null ? UNKNOWN : t("tower.leader");
  return row.laps_down ? plural("tower.laps-down", row.laps_down) : gap(row.gap_ms);
}

export function intervalText(row: TowerRow): string {
  return row.position === 1 || isOut(row) ? "" : gap(row.interval_ms);
}

/** Places gained or lost since the start: `▲3`, `▼2`, `=`. */
export function changeText(row: TowerRow): string {
  if (row.gained === null) return UNKNOWN;
  if (row.gained === 0) return "=";
  return row.gained > 0 ? `▲${row.gained}` : `▼${-row.gained}`;
}

/** The wing that is open, and the overtake mode; empty while neither is, unknown where the game says nothing. */
export function wingText(row: TowerRow): string {
  if (row.wing === null) return UNKNOWN;
  if (row.is_overtaking) return t("tower.overtake");
  if (row.wing !== "open") return "";
  return row.is_overtaking === null ? t("tower.drs") : t("tower.aero");
}

/** Penalties and warnings, the heaviest first. */
export function notes(row: TowerRow): string[] {
  return [
    ...(row.penalties_s ? [t("tower.seconds", { count: row.penalties_s })] : []),
    ...(row.drive_throughs ? [t("tower.drive-through")] : []),
    ...(row.stop_gos ? [t("tower.stop-go")] : []),
    ...(row.warnings ? [t("tower.warnings", { count: row.warnings })] : []),
  ];
}
