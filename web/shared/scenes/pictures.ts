/** Pictures of slides. */
import { displayToken } from "../preferences";

/** The address of a picture; an `<img>` sends no token in a header. */
export function pictureAddress(picture: string): string {
  const token = displayToken();
  return `/api/v1/slide-pictures/${picture}${token ? `?token=${encodeURIComponent(token)}` : ""}`;
}
