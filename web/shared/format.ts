/**
 * Times as text, from integer milliseconds.
 *
 * An unknown time is an en dash, never a zero. The decimal point is a dot in every language, as on every timing screen.
 */
import { t } from "./language/words";

export const UNKNOWN = "–";
const MINUS = "−";

type Ms = number | null | undefined;

/** The time of a lap or a session: `58.321`, `1:23.456`, `1:02:03.456`. */
export function lapTime(ms: Ms): string {
  if (ms === null || ms === undefined) return UNKNOWN;
  const { hours, minutes, seconds, thousandths } = parts(ms);
  const end = `${seconds}.${String(thousandths).padStart(3, "0")}`;
  if (hours) return `${hours}:${twoDigits(minutes)}:${end.padStart(6, "0")}`;
  return minutes ? `${minutes}:${end.padStart(6, "0")}` : end;
}

/** A gap or an interval: `+0.123`, and `+1:02.003` from a minute on. */
export function gap(ms: Ms): string {
  return signed(ms, "+");
}

/** A difference to a reference: `+0.123`, `−0.214`, `±0.000`. */
export function delta(ms: Ms): string {
  return signed(ms, ms === 0 ? "±" : "+");
}

/** Elapsed or remaining time, without thousandths: `0:42`, `12:05`, `1:02:03`. */
export function duration(ms: Ms): string {
  if (ms === null || ms === undefined) return UNKNOWN;
  const { hours, minutes, seconds } = parts(Math.max(0, ms));
  return hours ? `${hours}:${twoDigits(minutes)}:${twoDigits(seconds)}` : `${minutes}:${twoDigits(seconds)}`;
}

/** How long ago something was: `just now`, `12 s ago`, `3 min ago`, `2 h ago`, then the date. */
export function ago(then: Date | number | string | null, now: number): string {
  if (then === null) return UNKNOWN;
  const at = new Date(then).getTime();
  const seconds = Math.floor(Math.max(0, now - at) / 1000);
  if (seconds < 5) return t("ago.now");
  if (seconds < 60) return t("ago.seconds", { count: seconds });
  if (seconds < 3_600) return t("ago.minutes", { count: Math.floor(seconds / 60) });
  if (seconds < 86_400) return t("ago.hours", { count: Math.floor(seconds / 3_600) });
  return day(at);
}

// Browsers write dates and times too, but the first one takes them longer than drawing a chart.

/** A day: `Nov 30, 2026`. */
export function day(at: Date | number): string {
  const date = new Date(at);
  const month = t("date.months").split(" ")[date.getMonth()] ?? "";
  return t("date", { day: date.getDate(), month, year: date.getFullYear() });
}

/** The time of day: `14:03:22`. */
export function clock(at: Date | number, withSeconds = true): string {
  const date = new Date(at);
  const parts = [date.getHours(), date.getMinutes(), ...(withSeconds ? [date.getSeconds()] : [])];
  return parts.map(twoDigits).join(":");
}

function signed(ms: Ms, plus: string): string {
  if (ms === null || ms === undefined) return UNKNOWN;
  return (ms < 0 ? MINUS : plus) + lapTime(Math.abs(ms));
}

function parts(ms: number) {
  const whole = Math.trunc(ms);
  return {
    hours: Math.floor(whole / 3_600_000),
    minutes: Math.floor(whole / 60_000) % 60,
    seconds: Math.floor(whole / 1000) % 60,
    thousandths: whole % 1000,
  };
}

function twoDigits(number: number): string {
  return String(number).padStart(2, "0");
}
