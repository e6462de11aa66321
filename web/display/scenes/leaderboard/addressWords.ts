/** What is wrong with the address of a screen, in words for the person who typed it. */
import { boardParameters, type Options } from "../../../board/options";
import type { ApiProblem } from "../../../shared/api";
import { t } from "./words";

/** The title and the text of the placard that takes the place of the board. */
export function addressWords({ fields }: Pick<ApiProblem, "fields">, options: Options) {
  const parameters = Object.entries(boardParameters(options)).filter(([name]) => name in fields);
  const sentences = parameters.map(([name, value]) => {
    if (name === "meeting") return t("display.wrong.meeting", { value });
    if (name === "circuit") return t("display.wrong.circuit", { value });
    return t("display.wrong.filter", { name, value });
  });
  return {
    title: t("display.wrong.title"),
    detail: [...sentences, t("display.wrong.how")].join(" "),
  };
}
