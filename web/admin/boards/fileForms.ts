/** The forms in which the admin page saves lists, and the query of each in the API. */
import { language } from "../../shared/language/translate";

export const FILE_FORMS = {
  xlsx: { format: "xlsx" },
  excel: { format: "csv", bom: true, delimiter: delimiterOfExcel(language) },
  csv: { format: "csv" },
  json: { format: "json" },
} as const;

export type FileFormName = keyof typeof FILE_FORMS;
export const FILE_FORM_NAMES = Object.keys(FILE_FORMS) as FileFormName[];

/** The character between two cells that Excel expects: where the decimal sign is a comma, a semicolon. */
export function delimiterOfExcel(code: string): "," | ";" {
  const decimalSign = new Intl.NumberFormat(code).formatToParts(0.5).find(({ type }) => type === "decimal");
  return decimalSign?.value === "," ? ";" : ",";
}
