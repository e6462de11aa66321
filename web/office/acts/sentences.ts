/**
 * The sentence of an act in the reader's language.
 *
 * The server stores it in English, as src/f1timings/store/acts writes it. A sentence without a translation stays English.
 */
import { language, type Language } from "../../shared/language/translate";
import { ACTS, PARTS, type Sentences } from "./sentences.it";

const SENTENCES: Readonly<Partial<Record<Language, { acts: Sentences; parts: Sentences }>>> = {
  it: { acts: ACTS, parts: PARTS },
};

/** The sentence of an act. */
export function actSentence({ summary }: { readonly summary: string }, reader: Language = language): string {
  const table = SENTENCES[reader];
  const found = table?.acts.find(([pattern]) => pattern.test(summary));
  if (!table || !found) return summary;
  const isOfUndo = /^(Undone|Redone): /.test(summary);
  const groups = found[0].exec(summary)?.slice(1) ?? [];
  const inWords = groups.map((text) =>
    isOfUndo ? actSentence({ summary: text }, reader) : table.parts.reduce(replacePart, text),
  );
  return found[1].replace(/\{(\d)\}/g, (_hole, number: string) => inWords[Number(number) - 1] ?? "");
}

function replacePart(text: string, [pattern, template]: Sentences[number]): string {
  return text.replace(pattern, template.replace(/\{(\d)\}/g, "$$$1"));
}
