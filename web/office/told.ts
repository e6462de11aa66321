/** What a record of the API is, in one line: for who must decide whether to go on after somebody else changed it. */
import { lapTime } from "../shared/format";
import type { Current } from "./deed.svelte";
import { t, word } from "./words";

export function told(record: Current): string {
  const parts = "lap_time_ms" in record ? ofLap(record) : "rig" in record ? ofRig(record) : ofNamed(record);
  return parts.filter((part) => part).join(" · ") || t("told.something");
}

function ofLap(lap: Current): string[] {
  const isValid = lap["is_valid"];
  return [
    lapTime(lap["lap_time_ms"] as number | null),
    text(lap["driver"]) || t("lap.nobody"),
    word("lap.state", text(lap["state"])),
    isValid === false ? t("mark.invalid") : "",
    text(lap["marked_by"]) && t("told.by", { name: text(lap["marked_by"]) }),
  ];
}

function ofRig(rig: Current): string[] {
  const driver = rig["driver"];
  const name = typeof driver === "object" && driver !== null && "name" in driver ? driver.name : driver;
  return [text(rig["name"]) || text(rig["rig"]), text(name)];
}

function ofNamed(record: Current): string[] {
  const circuit = "circuit" in record ? text(record["circuit"]) || t("meeting.follows") : "";
  return [text(record["name"]), text(record["team"]), circuit, text(record["role"])];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
