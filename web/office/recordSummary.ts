/** A record of the API in one line, for a user who decides whether to overwrite another user's change. */
import { lapTime } from "../shared/format";
import type { CurrentRecord } from "./action.svelte";
import { t, word } from "./words";

export function recordSummary(record: CurrentRecord): string {
  const parts =
    "lap_time_ms" in record ? lapParts(record) : "rig" in record ? rigParts(record) : namedParts(record);
  return parts.filter((part) => part).join(" · ") || t("record.unnamed");
}

function lapParts(lap: CurrentRecord): string[] {
  return [
    lapTime(lap["lap_time_ms"] as number | null),
    text(lap["driver"]) || t("lap.no-driver"),
    word("lap.state", text(lap["state"])),
    lap["is_valid"] === false ? t("mark.invalid") : "",
    text(lap["marked_by"]) && t("record.by", { name: text(lap["marked_by"]) }),
  ];
}

function rigParts(rig: CurrentRecord): string[] {
  const driver = rig["driver"];
  const name = typeof driver === "object" && driver !== null && "name" in driver ? driver.name : driver;
  return [text(rig["label"]), text(name)];
}

/** For a meeting, a driver, an account, the lock of the rigs. */
function namedParts(record: CurrentRecord): string[] {
  const circuit = "circuit" in record ? text(record["circuit"]) || t("meeting.follows") : "";
  const addresses = Array.isArray(record["addresses"]) ? record["addresses"].join(", ") : "";
  return [text(record["name"]), text(record["team"]), circuit, text(record["role"]), addresses];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
