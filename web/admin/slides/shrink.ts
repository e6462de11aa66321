/** Pictures before they are sent: not larger than a screen, and without what a camera writes into them. */

const LONGEST_SIDE = 3840;
const MOST_BYTES = 5 * 1024 * 1024;
const QUALITIES = [0.92, 0.8, 0.65];

/**
 * The file as it is sent.
 *
 * A photo is always drawn again: so it is upright on old browsers too, and says nothing about where it was taken. A file
 * that this browser cannot draw is sent as it is; the server says what is wrong with it.
 */
export async function shrunk(file: Blob): Promise<Blob> {
  const isPhoto = file.type === "image/jpeg";
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    return file;
  }
  const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  if (!isPhoto && scale === 1 && file.size <= MOST_BYTES) return file;
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  for (const quality of QUALITIES) {
    const drawn = await new Promise<Blob | null>((done) =>
      canvas.toBlob(done, isPhoto ? "image/jpeg" : "image/webp", quality),
    );
    if (drawn && drawn.size <= MOST_BYTES) return drawn;
  }
  return file;
}

/** Whether a file may be sent at all. */
export const isSmallEnough = (file: Blob): boolean => file.size <= MOST_BYTES;
