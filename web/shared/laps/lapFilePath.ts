/** Which laps are imported ones, and where the file of a lap is. */

export const isImported = (id: string): boolean => id.startsWith("imported~");

/** The address of the file of a lap. */
export function lapFilePath(id: string): string {
  const key = encodeURIComponent(id);
  return isImported(id) ? `/api/v1/imported-laps/${key}/file` : `/api/v1/laps/${key}/trace?format=f1lap`;
}
