/**
 * What went wrong, in the reader's language.
 *
 * A refused act has a code, from which its sentence is made in each language. The server's other texts are English, and
 * some are for programs: those of the kinds in FOR_PEOPLE are shown as they are where the reader reads English, all
 * others are said in words of the pages.
 */
import { fillHoles, language } from "./translate";
import { plural, t, word } from "./words";

/** One fault of a request; `kind` and `limit` are known where the form of the value is wrong. */
export interface FieldFault {
  readonly where: string;
  readonly message: string;
  readonly kind?: string | null;
  readonly limit?: number | null;
}

/** Why an act is refused, and what the sentence about it names. */
export interface Refusal {
  readonly code: string;
  readonly values: Readonly<Record<string, string>>;
}

const FOR_PEOPLE: ReadonlySet<string> = new Set(["conflict", "invalid-request"]);

/** The name of the field of a fault, without `body.`. */
export const fieldOf = ({ where }: FieldFault): string => where.replace(/^\w+\./, "");

/** What to write into a field. */
export function fieldText(fault: FieldFault): string {
  const { kind, limit, message } = fault;
  if (kind === "missing" || (kind === "string_too_short" && limit === 1)) return t("field.missing");
  if (kind === "string_too_short" && limit) return plural("field.short", limit);
  if (kind === "string_too_long" && limit) return plural("field.long", limit);
  if (!kind && language === "en") return message;
  return wordOr("field", fieldOf(fault), t("field.wrong"));
}

/**
 * What happened, and what to do.
 *
 * @param fields the texts of the wrong fields.
 */
export function problemText(kind: string, detail: string, fields: readonly string[]): string {
  if (fields.length) return [...new Set(fields)].join(" ");
  if (detail && language === "en" && FOR_PEOPLE.has(kind)) return detail;
  return wordOr("problem", kind, t("problem.refused"));
}

type Texts = Readonly<Record<string, string>>;

let loadRefusalWords: () => Promise<Texts> = () => Promise.resolve({});

/** Give the words of refusals to a page; without them a refusal is a problem like any other. */
export function setRefusalWords(load: () => Promise<Texts>): void {
  loadRefusalWords = load;
}

/**
 * The sentence of a refusal in the reader's language; null without a refusal, or where there are no words for it.
 *
 * @param detail what the server says in English.
 */
export async function refusalText(
  refusal: Refusal | null | undefined,
  detail: string,
): Promise<string | null> {
  // Of a record that is gone the server says more, for programs.
  if (!refusal || refusal.code === "no-such-record") return null;
  if (language === "en") return detail;
  const texts = await loadRefusalWords().catch((): Texts => ({}));
  const text = texts[`refusal.${refusal.code}`];
  return text === undefined ? null : fillHoles(text, refusal.values);
}

function wordOr(group: string, name: string, otherwise: string): string {
  const text = word(group, name);
  return text === name ? otherwise : text;
}
