/** Pixels of the longer side of a picture that is made smaller: no network looks at more. */
const SIDE = 1280;
const QUALITY = 0.9;

/** The size at which a picture is sent: in its shape, and never larger than it is. */
export function sizeToSend(width: number, height: number): [number, number] {
  const scale = Math.min(1, SIDE / Math.max(width, height));
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
}

/** A picture as a small JPEG, upright and on white; null where the browser can't read it. */
export async function shrink(file: File): Promise<File | null> {
  try {
    const bitmap = await createImageBitmap(file);
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = sizeToSend(bitmap.width, bitmap.height);
    const context = canvas.getContext("2d")!;
    context.imageSmoothingQuality = "high";
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    const jpeg = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
    return jpeg && new File([jpeg], file.name, { type: jpeg.type });
  } catch {
    return null;
  }
}
