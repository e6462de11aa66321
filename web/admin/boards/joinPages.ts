/** The pages of a list, joined into the text of one file. */
export type FileFormat = "csv" | "json";

/** CSV pages become one table with one header line; JSON pages become one array of their items. */
export function joinPages(pages: readonly string[], format: FileFormat): string {
  if (format === "json")
    return JSON.stringify(
      pages.flatMap((page) => JSON.parse(page).items),
      null,
      2,
    );
  return pages.map((page, at) => (at ? page.slice(page.indexOf("\n") + 1) : page)).join("");
}
