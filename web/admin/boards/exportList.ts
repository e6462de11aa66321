/** Lists of the API as files. */
import { saveFile } from "../../office/saveFile";
import { ApiProblem } from "../../shared/api";
import { joinPages, type FileFormat } from "./joinPages";

const MEDIA_TYPES = { csv: "text/csv", json: "application/json" } as const;

/**
 * Read all pages of a list and save them as one file.
 *
 * @param path the route of the list.
 * @param name the name of the file, without its extension.
 * @returns the name of the file.
 * @throws ApiProblem if the server refuses it or does not answer.
 */
export async function exportList(
  path: string,
  query: Readonly<Record<string, string>>,
  format: FileFormat,
  name: string,
): Promise<string> {
  const file = `${name.replace(/[^\p{L}\p{N}_-]+/gu, "_")}.${format}`;
  const pages: string[] = [];
  for (let next: string | null = `${path}?${new URLSearchParams(query)}`; next;) {
    const answer: Response = await fetchPage(next, MEDIA_TYPES[format]);
    pages.push(await answer.text());
    next = /<([^>]+)>; rel="next"/.exec(answer.headers.get("Link") ?? "")?.[1] ?? null;
  }
  saveFile(new Blob([joinPages(pages, format)], { type: MEDIA_TYPES[format] }), file);
  return file;
}

async function fetchPage(path: string, mediaType: string): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(path, { headers: { Accept: mediaType } });
  } catch {
    throw new ApiProblem(0, {});
  }
  if (!answer.ok) throw new ApiProblem(answer.status, await answer.json().catch(() => ({})));
  return answer;
}
