/** Lap times as people say them: 1:23.456 is "one twenty-three four five six". */
import type { Language } from "../../shared/language/translate";

interface Numerals {
  /** 0 to 19. */
  readonly small: readonly string[];
  /** 20, 30, 40, 50. */
  readonly tens: readonly string[];
  /** What is said before a single digit where two are written: 1:05. */
  readonly zero: string;
  readonly join: (tens: string, ones: string) => string;
}

const NUMERALS: Readonly<Record<Language, Numerals>> = {
  en: {
    small: [
      ..."zero one two three four five six seven eight nine ten".split(" "),
      ..."eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(" "),
    ],
    tens: ["twenty", "thirty", "forty", "fifty"],
    zero: "oh",
    join: (tens, ones) => `${tens}-${ones}`,
  },
  it: {
    small: [
      ..."zero uno due tre quattro cinque sei sette otto nove dieci".split(" "),
      ..."undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove".split(" "),
    ],
    tens: ["venti", "trenta", "quaranta", "cinquanta"],
    zero: "zero",
    // Before a vowel the tens lose theirs: ventuno, ventotto.
    join: (tens, ones) => (/^[uo]/.test(ones) ? tens.slice(0, -1) : tens) + (ones === "tre" ? "tré" : ones),
  },
};

/** The time of a lap in words; minutes are left out below one minute. */
export function spokenTime(ms: number, language: Language): string {
  const numerals = NUMERALS[language];
  const minutes = Math.floor(ms / 60_000);
  const seconds = Math.floor(ms / 1_000) % 60;
  const digits = [...String(ms % 1_000).padStart(3, "0")].map((digit) => numerals.small[Number(digit)] ?? "");
  const words = [inWords(seconds, numerals), ...digits];
  if (!minutes) return words.join(" ");
  const start = minutes < 60 ? [inWords(minutes, numerals)] : [String(minutes)];
  return [...start, ...(seconds < 10 ? [numerals.zero] : []), ...words].join(" ");
}

/** 0 to 59 in words. */
function inWords(number: number, { small, tens, join }: Numerals): string {
  const word = small[number];
  if (word !== undefined) return word;
  const start = tens[Math.floor(number / 10) - 2] ?? "";
  return number % 10 ? join(start, small[number % 10] ?? "") : start;
}
