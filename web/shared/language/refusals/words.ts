/**
 * Why an act is refused, in languages other than English, in which the server says it itself.
 *
 * A page whose user can meet more than a wrong code imports this module. The words of a language are loaded with the first refusal, since most
 * visits see none.
 */
import { setRefusalWords } from "../problems";
import { language } from "../translate";

type Texts = Readonly<Record<string, string>>;

const files = import.meta.glob<Record<string, Texts>>(["./words.*.ts", "!./words.en.ts"]);

setRefusalWords(async () => {
  const file = await files[`./words.${language}.ts`]?.();
  return file?.[language] ?? {};
});
