/**
 * QR codes, by jsQR, which mixes up the corners of several in one view: so all of the picture is looked at, then parts
 * of it, and each code that is found is blanked. What a code says is not kept.
 */
import jsQrModule from "jsqr";
import type { Point, Rectangle } from "../types.ts";

interface Code {
  readonly location: Readonly<
    Record<"topLeftCorner" | "topRightCorner" | "bottomRightCorner" | "bottomLeftCorner", Point>
  >;
}
/** The cast: a CommonJS module, whose types name the function and not the module that holds it. */
const readQrCode = (
  jsQrModule as unknown as { default: (rgba: Uint8ClampedArray, w: number, h: number) => Code | null }
).default;

const MAX_CODES = 12;
/** How many parts on each side are looked at, one after the other. */
const VIEWS_ACROSS = [1, 2, 3];
/** The longest side looked at: larger pictures are made smaller. */
const LONGEST_PX = 1600;

/** The corners of each QR code, in the picture's pixels. */
export function findQrCodes(picture: ImageBitmap): readonly (readonly Point[])[] {
  const scale = Math.min(1, LONGEST_PX / Math.max(picture.width, picture.height));
  const [width, height] = [Math.ceil(picture.width * scale), Math.ceil(picture.height * scale)];
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (context === null) return [];
  context.drawImage(picture, 0, 0, width, height);
  const found: (readonly Point[])[] = [];
  for (const view of VIEWS_ACROSS.flatMap((across) => grid(width, height, across))) {
    while (found.length < MAX_CODES) {
      const { data } = context.getImageData(view.x, view.y, view.width, view.height);
      const code = readQrCode(data, view.width, view.height);
      if (code === null) break;
      const { topLeftCorner, topRightCorner, bottomRightCorner, bottomLeftCorner } = code.location;
      const corners = [topLeftCorner, topRightCorner, bottomRightCorner, bottomLeftCorner].map(({ x, y }) => ({
        x: x + view.x,
        y: y + view.y,
      }));
      found.push(corners.map(({ x, y }) => ({ x: x / scale, y: y / scale })));
      context.beginPath();
      for (const { x, y } of corners) context.lineTo(x, y);
      context.fill();
    }
  }
  return found;
}

/** Parts of a picture, so many on each side, half as large again as they would have to be. */
function grid(width: number, height: number, across: number): readonly Rectangle[] {
  const size = (length: number): number => Math.min(length, Math.ceil((length / across) * 1.5));
  const starts = (length: number): readonly number[] =>
    Array.from({ length: across }, (_, at) =>
      across === 1 ? 0 : Math.floor(((length - size(length)) * at) / (across - 1)),
    );
  return starts(height).flatMap((y) => starts(width).map((x) => ({ x, y, width: size(width), height: size(height) })));
}
