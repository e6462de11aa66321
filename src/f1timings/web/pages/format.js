// How values are written for people. Pure functions: JSON values in, text out.

export const DASH = "–";

export function lapTime(ms) {
  if (ms === null || ms === undefined) return DASH;
  const minutes = Math.floor(ms / 60000);
  const seconds = Math.floor((ms % 60000) / 1000);
  const thousandths = String(ms % 1000).padStart(3, "0");
  return minutes ? `${minutes}:${String(seconds).padStart(2, "0")}.${thousandths}` : `${seconds}.${thousandths}`;
}

export function words(name) {
  return name ? name.replaceAll("_", " ") : DASH;
}

export function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function clock(date) {
  return date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });
}

export function ago(then, now) {
  const seconds = Math.max(0, Math.round((now - then) / 1000));
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  return new Date(then).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
}

export function count(number, one, many) {
  return `${number} ${number === 1 ? one : many}`;
}

// What a lap is, beside its time, in words; a glyph goes with "invalid" so that colour is never alone.
export function lapNotes(lap) {
  const notes = [];
  if (lap.is_valid === false) notes.push({ text: "✕ invalid", invalid: true });
  if (lap.state !== "completed") notes.push({ text: lap.state, invalid: false });
  if (lap.recovered) notes.push({ text: "recovered", invalid: false });
  return notes;
}
