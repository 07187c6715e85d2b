/**
 * Screens, by a detector of things: MediaPipe's SSD MobileNetV2, trained on Open Images, of whose 23 kinds only laptops
 * and computer monitors are asked for: of persons, chairs and the rest nothing is read. It is one file of its package. All files
 * come from the page's own origin, and only when this is called.
 */
import { tf } from "@vladmandic/face-api/dist/face-api.esm.js";
// The package names no file for a browser; nothing of its code is used.
import modelUrl from "../../../../node_modules/@mediapipe/objectron/objectron_solution_packed_assets.data?url";
import { viewsOf } from "../suggest/heads.ts";
import { KINDS, MIN_CONFIDENCE, type Screen, screensOf, type SeenView, splitModel } from "../suggest/screens.ts";
import { inputOf, type Thing, thingsOf, VIEW_PX } from "../suggest/ssd.ts";
import { readTflite } from "../suggest/tflite.ts";
import { DoorFailure } from "./codes.ts";
import { loadFile, loadModel } from "./tensors.ts";
import { prepareTflite, type TfliteNetwork } from "./tflite-network.ts";

/** Finds screens in the picture, in its pixels, the surest first. */
export async function findScreens(
  picture: ImageBitmap,
  progress: (fraction: number) => void,
): Promise<readonly Screen[]> {
  const network = await loadModel(async () =>
    prepareTflite(readTflite(splitModel(new Uint8Array(await (await loadFile(modelUrl)).arrayBuffer())))),
  );
  progress(0.3);
  const context = new OffscreenCanvas(VIEW_PX, VIEW_PX).getContext("2d", { willReadFrequently: true });
  if (context === null) throw new DoorFailure("pixels_blocked");
  context.imageSmoothingQuality = "high";
  const seen: SeenView[] = [];
  const views = viewsOf(picture.width, picture.height, 0);
  for (const [at, view] of views.entries()) {
    // Stretched to a square, as the detector was trained.
    context.drawImage(picture, view.x, view.y, view.width, view.height, 0, 0, VIEW_PX, VIEW_PX);
    seen.push({ view, things: await look(network, context.getImageData(0, 0, VIEW_PX, VIEW_PX).data) });
    progress(0.3 + (0.7 * (at + 1)) / views.length);
  }
  return screensOf(seen, picture.width, picture.height);
}

async function look(network: TfliteNetwork, rgba: Uint8ClampedArray): Promise<readonly Thing[]> {
  const answers = network.run(tf.tensor4d(inputOf(rgba), [1, VIEW_PX, VIEW_PX, 3]));
  const [places, kinds] = await Promise.all(answers.map((answer) => answer.data()));
  for (const answer of answers) answer.dispose();
  if (places === undefined || kinds === undefined) throw new DoorFailure("model_unreachable");
  return thingsOf({ places, kinds }, [...KINDS.keys()], MIN_CONFIDENCE.whole);
}
