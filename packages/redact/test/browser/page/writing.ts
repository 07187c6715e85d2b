/** Draws writing on a photograph: what suggestions are measured on. */
import type { Point } from "../../../src/types.ts";
import type { WritingPlan } from "../writing-plan.ts";

const bytes = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

/** The picture as JPEG of quality 0.8, and the corners of each line in its pixels. */
export async function drawWriting(
  plan: WritingPlan,
): Promise<{ readonly file: Blob; readonly corners: readonly (readonly Point[])[] }> {
  const { kind, script, lines, sizePx } = plan;
  document.fonts.add(await new FontFace(`writing ${script}`, bytes(plan.font)).load());
  const photo = await createImageBitmap(new Blob([bytes(plan.photograph)]));
  const canvas = new OffscreenCanvas(photo.width, photo.height);
  const context = canvas.getContext("2d")!;
  context.drawImage(photo, 0, 0);
  context.font = `${sizePx}px "writing ${script}"`;
  const widths = lines.map((line) => context.measureText(line).width);
  const across = Math.max(...widths);
  const rowPx = sizePx * 1.9;
  const height = lines.length * rowPx;
  context.translate(photo.width / 2, photo.height * plan.down);
  context.rotate(plan.turn);
  // All of it has to be in the picture.
  const fit = Math.min(1, (photo.width * 0.9) / (across + 2 * sizePx), (photo.height * 0.7) / height);
  context.scale(fit, fit);
  context.fillStyle = plan.ground;
  if (kind !== "over") {
    context.fillRect(-across / 2 - sizePx, -sizePx * 0.6, across + 2 * sizePx, height + sizePx * 0.8);
  }
  const corners = lines.map((line, at) => {
    const width = widths[at] ?? 0;
    const isRight = kind === "screen" && at % 2 === 1;
    const left = isRight ? across / 2 - width : -across / 2;
    const base = at * rowPx + sizePx * 1.1;
    const { actualBoundingBoxAscent, actualBoundingBoxDescent } = context.measureText(line);
    const [top, bottom] = [base - actualBoundingBoxAscent, base + actualBoundingBoxDescent];
    if (kind === "screen") {
      context.fillStyle = isRight ? "#2f7d5b" : "#3a3f4a";
      context.beginPath();
      context.roundRect(left - sizePx * 0.4, base - sizePx * 1.2, width + sizePx * 0.8, sizePx * 1.7, sizePx * 0.4);
      context.fill();
    }
    if (kind === "over") {
      // Light with a dark edge, as apps write over pictures.
      context.lineWidth = sizePx * 0.12;
      context.strokeStyle = "#101010";
      context.strokeText(line, left, base);
    }
    context.fillStyle = kind === "screen" || kind === "over" ? "#ffffff" : plan.ink;
    context.fillText(line, left, base);
    const matrix = context.getTransform();
    return [
      { x: left, y: top },
      { x: left + width, y: top },
      { x: left + width, y: bottom },
      { x: left, y: bottom },
    ].map((corner) => {
      const { x, y } = matrix.transformPoint(corner);
      return { x, y };
    });
  });
  return { file: await canvas.convertToBlob({ type: "image/jpeg", quality: 0.8 }), corners };
}
