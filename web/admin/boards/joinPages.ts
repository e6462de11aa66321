/** Join the JSON pages of a list into the text of one file: an array of their items. */
export function joinPages(pages: readonly string[]): string {
  return JSON.stringify(
    pages.flatMap((page) => JSON.parse(page).items),
    null,
    2,
  );
}
