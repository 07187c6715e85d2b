/** A picture's worker: decoded, redacted, encoded. The original's bytes take no part in the output. */
import { redactInPlace } from "../redact.ts";
import { DoorFailure } from "./codes.ts";
import { decodeUpright, takePixels } from "./decode.ts";
import type { PictureTask, RedactedPicture } from "./picture-messages.ts";
import { answer } from "./work.ts";

answer("image_damaged", async (task: PictureTask, progress): Promise<RedactedPicture> => {
  const { file, redaction, type, quality, limits } = task;
  const bitmap = await decodeUpright(file, limits);
  progress(0.4);
  const { context, pixels } = takePixels(bitmap);
  progress(0.5);
  const { picture, coveredPixels } = redactInPlace(pixels, redaction);
  progress(0.7);
  const { canvas } = context;
  // Setting the size empties the canvas, also where it stays the same.
  canvas.width = picture.width;
  canvas.height = picture.height;
  context.putImageData(new ImageData(picture.data, picture.width, picture.height), 0, 0);
  const encoded = await canvas.convertToBlob({ type, quality }).catch((error: unknown) => {
    throw new DoorFailure("encode_unsupported", error);
  });
  // A browser that can't write a type writes PNG instead of saying so.
  if (encoded.type !== type) throw new DoorFailure("encode_unsupported");
  return { file: encoded, type, width: picture.width, height: picture.height, coveredPixels };
});
