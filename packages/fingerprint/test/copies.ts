/** Copies of a picture as people pass them on. Answers are JPEG bytes. */
import sharp from "sharp";

async function sidesOf(path: string): Promise<{ readonly width: number; readonly height: number }> {
  const { width, height } = await sharp(path).metadata();
  return { width, height };
}

/** The middle part of both sides, made smaller. */
export async function cropped(path: string, part = 0.6): Promise<Buffer> {
  const { width, height } = await sidesOf(path);
  const [left, top] = [width, height].map((side) => Math.round((side * (1 - part)) / 2)) as [number, number];
  return sharp(path)
    .extract({ left, top, width: Math.round(width * part), height: Math.round(height * part) })
    .resize({ width: 480 })
    .jpeg({ quality: 70 })
    .toBuffer();
}

/** Turned by a few degrees, so that the corners are black. */
export const turned = (path: string, degrees: number): Promise<Buffer> =>
  sharp(path).rotate(degrees, { background: "#000000" }).jpeg({ quality: 75 }).toBuffer();

/** As it is shown in an app on a phone: lying somewhere on a light page with bars and lines of text. */
export async function screenshot(path: string): Promise<Buffer> {
  const picture = await sharp(path).resize({ width: 620 }).toBuffer();
  const text = Array.from(
    { length: 9 },
    (_, i) => `<rect x="40" y="${1000 + i * 50}" width="${560 - i * 30}" height="18" fill="#444"/>`,
  );
  const page = `<svg xmlns="http://www.w3.org/2000/svg" width="720" height="1560"><rect width="100%" height="100%" fill="#f4f2ee"/><rect width="100%" height="96" fill="#203050"/>${text.join("")}</svg>`;
  return sharp(Buffer.from(page))
    .composite([{ input: picture, left: 50, top: 200 }])
    .jpeg({ quality: 80 })
    .toBuffer();
}
