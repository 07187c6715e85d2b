/** The frame of a video that is shown, as a picture to look for heads in. */

/** Near enough to the frame itself; a lossless one takes ten times as long to write. */
const QUALITY = 0.95;

/** Never leaves the page; forgotten once it was looked at. */
export const pictureOfFrame = async (frame: ImageBitmap): Promise<Blob> => {
  const canvas = new OffscreenCanvas(frame.width, frame.height);
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("no canvas");
  context.drawImage(frame, 0, 0);
  return canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY });
};
