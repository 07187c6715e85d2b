/**
 * Faces by the SSD MobileNet detector of face-api, on WebAssembly. Detection only: no weights that could tell whose
 * face it is are among the page's files. All files come from the page's own origin, and only when this is called.
 */
import { type Manifest, SsdMobilenetv1, tf } from "@vladmandic/face-api/dist/face-api.esm.js";
import manifestUrl from "@vladmandic/face-api/model/ssd_mobilenetv1_model-weights_manifest.json?url";
import weightsUrl from "@vladmandic/face-api/model/ssd_mobilenetv1_model.bin?url";
import { distinctFaces, type FaceBox, viewsOf } from "../suggest/heads.ts";
import { DoorFailure } from "./codes.ts";
import { loadFile, loadModel } from "./tensors.ts";

/** Pixels of the detector's square view. */
const VIEW_PX = 512;
/** Faces less sure than this are left out; see docs/redaction.md. */
const MIN_CONFIDENCE = 0.35;

/** Finds faces in the picture, in its pixels, the surest first. */
export async function findFaces(
  picture: ImageBitmap,
  progress: (fraction: number) => void,
): Promise<readonly FaceBox[]> {
  const net = await loadModel(async () => {
    // The cast: the file is the library's own.
    const manifest = (await (await loadFile(manifestUrl)).json()) as Manifest;
    const weights = await (await loadFile(weightsUrl)).arrayBuffer();
    const loaded = new SsdMobilenetv1();
    loaded.loadFromWeightMap(
      tf.io.decodeWeights(
        weights,
        manifest.flatMap((group) => group.weights),
      ),
    );
    return loaded;
  });
  progress(0.1);
  const context = new OffscreenCanvas(VIEW_PX, VIEW_PX).getContext("2d", { willReadFrequently: true });
  if (context === null) throw new DoorFailure("pixels_blocked");
  context.imageSmoothingQuality = "high";
  const found: FaceBox[] = [];
  const views = viewsOf(picture.width, picture.height);
  for (const [at, view] of views.entries()) {
    // The view's longer side fills the square, the rest of it is black.
    const scale = VIEW_PX / Math.max(view.width, view.height);
    context.fillRect(0, 0, VIEW_PX, VIEW_PX);
    context.drawImage(picture, view.x, view.y, view.width, view.height, 0, 0, view.width * scale, view.height * scale);
    const { data } = context.getImageData(0, 0, VIEW_PX, VIEW_PX);
    for (const { x, y, width, height, confidence } of await detect(net, data)) {
      const placed = {
        x: view.x + x / scale,
        y: view.y + y / scale,
        width: width / scale,
        height: height / scale,
        confidence,
      };
      found.push(placed);
    }
    progress(0.1 + (0.9 * (at + 1)) / views.length);
  }
  return distinctFaces(found);
}

/** Faces in one view, in its pixels. */
async function detect(net: SsdMobilenetv1, rgba: Uint8ClampedArray): Promise<readonly FaceBox[]> {
  const rgb = new Float32Array(VIEW_PX * VIEW_PX * 3);
  for (let at = 0; at < VIEW_PX * VIEW_PX; at++) {
    for (let channel = 0; channel < 3; channel++) rgb[at * 3 + channel] = rgba[at * 4 + channel] ?? 0;
  }
  const { boxes, scores } = net.forwardInput({ toBatchTensor: () => tf.tensor4d(rgb, [1, VIEW_PX, VIEW_PX, 3]) });
  const [corners, sure] = [await boxes[0]?.data(), await scores[0]?.data()];
  for (const tensor of [...boxes, ...scores]) tensor.dispose();
  if (corners === undefined || sure === undefined) return [];
  const found: FaceBox[] = [];
  for (const [at, confidence] of sure.entries()) {
    if (confidence < MIN_CONFIDENCE) continue;
    const [top = 0, left = 0, bottom = 0, right = 0] = corners
      .subarray(at * 4, at * 4 + 4)
      .map((share) => share * VIEW_PX);
    if (right > left && bottom > top)
      found.push({ x: left, y: top, width: right - left, height: bottom - top, confidence });
  }
  return found;
}
