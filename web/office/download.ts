/** Lists of the API as files: all their pages in one. */
import { ApiProblem } from "../shared/api";
import { joined } from "./joining";

export type Form = "csv" | "json";

const MEDIA = { csv: "text/csv", json: "application/json" } as const;

/**
 * Read a list to its end and hand it to the browser as a file.
 *
 * @returns the file's name.
 */
export async function download(
  path: string,
  query: Readonly<Record<string, string>>,
  form: Form,
  name: string,
): Promise<string> {
  const file = `${name.replace(/[^\p{L}\p{N}_-]+/gu, "_")}.${form}`;
  const pages: string[] = [];
  for (let next: string | null = `${path}?${new URLSearchParams(query)}`; next;) {
    const answer: Response = await asked(next, MEDIA[form]);
    pages.push(await answer.text());
    next = /<([^>]+)>; rel="next"/.exec(answer.headers.get("Link") ?? "")?.[1] ?? null;
  }
  hand(new Blob([joined(pages, form)], { type: MEDIA[form] }), file);
  return file;
}

/** Hand a file to the browser. */
export function hand(blob: Blob, file: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function asked(path: string, media: string): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(path, { headers: { Accept: media } });
  } catch {
    throw new ApiProblem(0, {});
  }
  if (!answer.ok) throw new ApiProblem(answer.status, await answer.json().catch(() => ({})));
  return answer;
}
