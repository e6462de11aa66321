import { language } from "../../shared/language/translate";

const UNITS = [
  ["GB", 1e9],
  ["MB", 1e6],
  ["kB", 1e3],
] as const;

/** The size of a file, such as `4.2 MB`. */
export function fileSize(bytes: number): string {
  const [unit, factor] = UNITS.find(([, least]) => bytes >= least) ?? UNITS[2];
  const number = bytes / factor;
  const digits = number >= 10 ? 0 : 1;
  return `${number.toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits })} ${unit}`;
}
