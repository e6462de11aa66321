/** Several pages of a list as one file. */

/** One table has one head; one list is one array. */
export function joined(pages: readonly string[], form: "csv" | "json"): string {
  if (form === "json")
    return JSON.stringify(
      pages.flatMap((page) => JSON.parse(page).items),
      null,
      2,
    );
  return pages.map((page, at) => (at ? page.slice(page.indexOf("\n") + 1) : page)).join("");
}
