/** A video's worker: frames by the browser's own decoders, redacted one by one, encoded anew (WebCodecs). */
import {
  Conversion,
  type Input,
  type InputVideoTrack,
  Mp4OutputFormat,
  Output,
  StreamTarget,
  type VideoSample,
  VideoSampleSink,
  WebMOutputFormat,
} from "mediabunny";
import { redactInPlace } from "../redact.ts";
import { createTracker, type Luma } from "../tracks/tracker.ts";
import { type Keyframe, regionsAt } from "../tracks/tracks.ts";
import type { Redaction } from "../types.ts";
import { readableCanvas, readPixels } from "./canvas.ts";
import { DoorFailure } from "./codes.ts";
import { growingFile } from "./growing-file.ts";
import { openInput, writableCodec } from "./video-input.ts";
import type { FollowedRegion, RedactedVideo, VideoTask } from "./video-messages.ts";
import { answer } from "./work.ts";

/** Written at once; so much is in memory. */
const CHUNK_BYTES = 4 * 1024 * 1024;
/** The longer side of the frames in which regions are followed. */
const FOLLOW_PX = 320;

type Progress = (fraction: number) => void;

answer("video_damaged", async (task: VideoTask, progress): Promise<RedactedVideo | FollowedRegion> => {
  const { input, track } = await openInput(task.file, task.limits);
  return task.kind === "redact" ? redact(input, track, task, progress) : follow(track, task, progress);
});

/** A canvas of this size, the same as long as frames are of one size. */
function createCanvas(limits: VideoTask["limits"]) {
  let context: OffscreenCanvasRenderingContext2D | null = null;
  return (width: number, height: number): OffscreenCanvasRenderingContext2D => {
    // A stream may change its size on the way.
    if (width * height > limits.pixels) throw new DoorFailure("too_many_pixels");
    if (context?.canvas.width !== width || context.canvas.height !== height) context = readableCanvas(width, height);
    return context;
  };
}

async function redact(
  input: Input,
  track: InputVideoTrack,
  { limits, redaction }: Extract<VideoTask, { kind: "redact" }>,
  progress: Progress,
): Promise<RedactedVideo> {
  const { tracks, sound, fill, paddingPx, decoration } = redaction;
  const size = { width: track.displayWidth, height: track.displayHeight };
  const codec = await writableCodec(size);
  const firstSec = await firstShownSec(track);
  const target = growingFile();
  const output = new Output({
    // The index comes last: what was written before stays as it is, but for a length at the beginning.
    format: codec === "avc" ? new Mp4OutputFormat({ fastStart: false }) : new WebMOutputFormat(),
    target: new StreamTarget(target.writable, { chunked: true, chunkSize: CHUNK_BYTES }),
  });
  const canvasOf = createCanvas(limits);
  let frames = 0;
  let shiftSec: number | undefined;
  let failure: unknown;
  const process = (sample: VideoSample): OffscreenCanvas => {
    try {
      const { displayWidth: width, displayHeight: height } = sample;
      const context = canvasOf(width, height);
      sample.draw(context, 0, 0, width, height);
      // The library counts from the first moment of the output; tracks are in the video's own time.
      shiftSec ??= firstSec - sample.timestamp;
      const plan: Redaction = {
        cover: regionsAt(tracks, sample.timestamp + shiftSec),
        ...(fill && { fill }),
        ...(paddingPx !== undefined && { paddingPx }),
        ...(decoration && { decoration }),
      };
      const pixels = readPixels(context, width, height);
      redactInPlace(pixels, plan);
      context.putImageData(pixels, 0, 0);
      frames++;
      return context.canvas;
    } catch (error) {
      failure = error;
      throw error;
    }
  };
  const conversion = await Conversion.init({
    input,
    output,
    tracks: "primary",
    // Orientation goes into the pixels before they are redacted: regions are those of the upright frame.
    video: { codec, forceTranscode: true, allowTransformationMetadata: false, alpha: "discard", process },
    audio: sound === "keep" ? {} : { discard: true },
    tags: {},
    showWarnings: false,
  });
  if (!conversion.isValid || !conversion.utilizedTracks.includes(track)) throw new DoorFailure("encode_unsupported");
  conversion.onProgress = (fraction) => progress(fraction);
  try {
    await conversion.execute();
  } catch (error) {
    throw failure instanceof DoorFailure ? failure : error;
  }
  if (frames === 0) throw new DoorFailure("video_damaged");
  const type = codec === "avc" ? "video/mp4" : "video/webm";
  const hasSound = conversion.utilizedTracks.some((used) => used.isAudioTrack());
  return { file: target.file(type), type, ...size, hasSound, frames };
}

/** The time of the first frame that will be in the output: what lies before 0 is cut off. */
async function firstShownSec(track: InputVideoTrack): Promise<number> {
  const startSec = Math.max(0, await track.getFirstTimestamp());
  const sample = await new VideoSampleSink(track).getSample(startSec);
  if (sample === null) throw new DoorFailure("video_damaged");
  sample.close();
  return Math.max(startSec, sample.timestamp);
}

/** A frame's brightness, small. */
function lumaOf(sample: VideoSample, scale: number, canvasOf: ReturnType<typeof createCanvas>): Luma {
  const width = Math.max(1, Math.round(sample.displayWidth * scale));
  const height = Math.max(1, Math.round(sample.displayHeight * scale));
  const context = canvasOf(width, height);
  context.imageSmoothingEnabled = true;
  sample.draw(context, 0, 0, width, height);
  const { data } = readPixels(context, width, height);
  // ITU-R BT.601, in eighths of 256.
  const brightness = (at: number): number =>
    (77 * (data[at] ?? 0) + 150 * (data[at + 1] ?? 0) + 29 * (data[at + 2] ?? 0)) >> 8;
  return { width, height, data: Uint8Array.from({ length: width * height }, (_, at) => brightness(at * 4)) };
}

async function follow(
  track: InputVideoTrack,
  { box, fromSec, untilSec, limits }: Extract<VideoTask, { kind: "follow" }>,
  progress: Progress,
): Promise<FollowedRegion> {
  const scale = Math.min(1, FOLLOW_PX / Math.max(track.displayWidth, track.displayHeight));
  const [across, down] = [track.displayWidth, track.displayHeight].map(
    (side) => Math.max(1, Math.round(side * scale)) / side,
  );
  if (across === undefined || down === undefined) throw new DoorFailure("video_damaged");
  const canvasOf = createCanvas(limits);
  const keyframes: Keyframe[] = [{ timeSec: fromSec, region: { kind: "rectangle", ...box } }];
  const end = Math.min(untilSec, await track.computeDuration());
  let tracker: ReturnType<typeof createTracker> | null = null;
  let confidence = 1;
  for await (const sample of new VideoSampleSink(track).samples(fromSec, end)) {
    try {
      const { timestamp } = sample;
      const luma = lumaOf(sample, scale, canvasOf);
      if (tracker === null) {
        const start = { x: box.x * across, y: box.y * down, width: box.width * across, height: box.height * down };
        tracker = createTracker(luma, start);
        continue;
      }
      const followed = tracker.next(luma);
      confidence = Math.min(confidence, followed.confidence);
      if (followed.lost) return { keyframes, confidence, lostAtSec: timestamp };
      const { x, y, width, height } = followed.box;
      const region = {
        kind: "rectangle",
        x: x / across,
        y: y / down,
        width: width / across,
        height: height / down,
      } as const;
      if (timestamp > fromSec) keyframes.push({ timeSec: timestamp, region });
      progress(Math.min(0.99, (timestamp - fromSec) / Math.max(0.001, end - fromSec)));
    } finally {
      sample.close();
    }
  }
  if (tracker === null) throw new DoorFailure("video_damaged");
  return { keyframes, confidence };
}
