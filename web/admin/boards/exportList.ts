/** Lists of the API as files. */
import { saveFile } from "../../office/saveFile";
import { ApiProblem } from "../../shared/api";
import { joinPages } from "./joinPages";
import { FILE_FORMS, type FileFormName } from "./fileForms";

/** A list of the API: its route, its query, and whether it has several pages. */
export interface ListSource {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly hasPages: boolean;
}

/**
 * Save all rows of a list as one file.
 *
 * @param name the name of the file, without its extension.
 * @returns the name of the file.
 * @throws ApiProblem if the server refuses it or does not answer.
 */
export async function exportList(list: ListSource, form: FileFormName, name: string): Promise<string> {
  const query = FILE_FORMS[form];
  const file = `${name.replace(/[^\p{L}\p{N}_-]+/gu, "_")}.${query.format}`;
  saveFile(form === "json" ? await readPages(list) : await readFile(list, query), file);
  return file;
}

function readFile({ path, query, hasPages }: ListSource, form: Readonly<Record<string, string | boolean>>) {
  const parameters = Object.entries({ ...query, ...form, ...(hasPages && { all: true }) });
  const address = `${path}?${new URLSearchParams(parameters.map(([name, value]) => [name, String(value)]))}`;
  return receive(address, (answer) => answer.blob());
}

async function readPages({ path, query }: ListSource): Promise<Blob> {
  const pages: string[] = [];
  for (let next: string | null = `${path}?${new URLSearchParams({ ...query, limit: "1000" })}`; next;)
    next = await receive(next, async (answer): Promise<string | null> => {
      pages.push(await answer.text());
      return /<([^>]+)>; rel="next"/.exec(answer.headers.get("Link") ?? "")?.[1] ?? null;
    });
  return new Blob([joinPages(pages)], { type: "application/json" });
}

/** Send a request and read its answer, which can be cut while it is read. */
async function receive<T>(address: string, read: (answer: Response) => Promise<T>): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(address, { headers: { Accept: "application/json, */*" } });
    if (answer.ok) return await read(answer);
  } catch {
    throw new ApiProblem(0, {});
  }
  throw new ApiProblem(answer.status, await answer.json().catch(() => ({})));
}
