/** A board as a file in the data folder of the server. */
import { api, ApiProblem, ok } from "../../shared/api";
import { t } from "../words";
import { FILE_FORMS, type FileFormName } from "./fileForms";

/**
 * Write a board to a file.
 *
 * @param circuit empty for the circuit of the board.
 * @returns the path of the file below the data folder.
 * @throws ApiProblem if the server refuses it or does not answer.
 */
export async function exportOnServer(form: Exclude<FileFormName, "json">, circuit: string): Promise<string> {
  const query = { ...FILE_FORMS[form], ...(circuit && { circuit }) };
  try {
    return (await ok(api.GET("/api/export", { params: { query } }))).filename;
  } catch (error) {
    // The older program's answer to an empty board is no problem detail.
    if (error instanceof ApiProblem && error.status === 400)
      throw new ApiProblem(400, { detail: t("export.empty") });
    throw error;
  }
}
