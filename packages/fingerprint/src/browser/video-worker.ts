/** A video's worker: containers by mediabunny, frames by the browser's own decoders (WebCodecs). One task, then gone. */
import { BlobSource, Input, MATROSKA, MP4, QTFF, type InputVideoTrack, VideoSampleSink, WEBM } from "mediabunny";
import { orientRgb, orientationSwapsSides } from "../core/orient.ts";
import { FingerprintFailure } from "../failure.ts";
import { CONTAINER_HEAD_BYTES, VIDEO_MEDIA, type VideoContainer, videoContainer } from "../video/container.ts";
import { frameExtras } from "../video/frame-extras.ts";
import { createVideoFrameKeeper } from "../video/keep-frames.ts";
import { createResize } from "../video/resize.ts";
import { MAX_FRAMES_KEPT, SAMPLES_PER_SEC, hashedFrameSize } from "../video/size.ts";
import { type FramePicture, type VideoCodec, VideoFailure, type VideoFingerprint } from "../video/types.ts";
import { endOf } from "../video/end.ts";
import { readStrips } from "./canvas-strips.ts";
import { digestsOf } from "./digests.ts";
import type { VideoSeconds, VideoTask, VideoWorkerMessage } from "./video-messages.ts";

/** The part of a worker's global scope that is used; the DOM's own types describe a page's. */
interface WorkerScope {
  addEventListener(type: "message", listener: (event: MessageEvent<VideoTask>) => void): void;
  postMessage(message: VideoWorkerMessage): void;
}
const scope = globalThis as unknown as WorkerScope;

/** Share of the progress shown for reading the file once for its digests; the rest is decoding. */
const DIGEST_SHARE = 0.2;

const CODECS: Readonly<Record<string, VideoCodec>> = { avc: "h264", hevc: "hevc", vp8: "vp8", vp9: "vp9", av1: "av1" };

/** EXIF orientations of the four rotations, which are clockwise. */
const ORIENTATIONS = { 0: 1, 90: 6, 180: 3, 270: 8 } as const;

scope.addEventListener("message", ({ data: task }) => {
  void fingerprintOf(task).then(
    (fingerprint) => scope.postMessage({ type: "done", outcome: { ok: true, fingerprint } }),
    (error: unknown) => {
      const code =
        error instanceof VideoFailure
          ? error.code
          : error instanceof FingerprintFailure && (error.code === "pixels_blocked" || error.code === "file_unreadable")
            ? error.code
            : "video_damaged";
      scope.postMessage({ type: "done", outcome: { ok: false, code } });
    },
  );
});

const progress = (fraction: number, seconds?: VideoSeconds): void =>
  scope.postMessage({ type: "progress", fraction, ...(seconds !== undefined && { seconds }) });

async function fingerprintOf({ file, limits, purpose, stronger }: VideoTask): Promise<VideoFingerprint> {
  progress(0);
  if (file.size === 0) throw new VideoFailure("empty_file");
  if (file.size > limits.bytes) throw new VideoFailure("file_too_large");
  const container = await containerOf(file);
  // Not closed: the worker ends with its one task.
  const input = new Input({
    // The format found from the bytes, and no other that might be guessed.
    formats: { mp4: [MP4, QTFF], mov: [QTFF, MP4], webm: [WEBM], mkv: [MATROSKA, WEBM] }[container],
    source: new BlobSource(file),
  });
  const track = await input.getPrimaryVideoTrack();
  if (track === null)
    throw new VideoFailure((await input.getPrimaryAudioTrack()) !== null ? "sound_only" : "not_a_video");
  const codec = CODECS[track.codec ?? ""];
  if (codec === undefined) throw new VideoFailure("unsupported_format");
  if (track.codedWidth * track.codedHeight > limits.pixels) throw new VideoFailure("too_many_pixels");
  if (typeof VideoDecoder === "undefined" || !(await track.canDecode())) throw new VideoFailure("unsupported_format");
  const digests = await digestsOf(file, (done) => progress((done / file.size) * DIGEST_SHARE));

  const claimedSec = await input.getDurationFromMetadata([track]).catch(() => null);
  const keeper = createVideoFrameKeeper(frameExtras(purpose, stronger), MAX_FRAMES_KEPT[purpose]);
  const expectedSec = Math.min(claimedSec ?? Number.POSITIVE_INFINITY, limits.durationSec);
  let clean = true;
  try {
    for await (const { picture, timestampSec, index } of framesOf(track, SAMPLES_PER_SEC[purpose], expectedSec)) {
      if (timestampSec > limits.durationSec) break;
      if (picture !== null) keeper.offer(picture, timestampSec, index);
      progress(DIGEST_SHARE + (1 - DIGEST_SHARE) * Math.min(0.99, timestampSec / expectedSec), {
        done: timestampSec,
        ...(claimedSec !== null && { total: expectedSec }),
      });
    }
  } catch (error) {
    if (error instanceof FingerprintFailure || error instanceof VideoFailure) throw error;
    // A damaged or cut file: what came before counts.
    clean = false;
  }
  if (keeper.kept.length === 0) throw new VideoFailure("video_damaged");
  const swap = orientationSwapsSides(ORIENTATIONS[track.rotation]);
  return {
    media: VIDEO_MEDIA[container],
    codec,
    sizeBytes: file.size,
    ...digests,
    width: swap ? track.codedHeight : track.codedWidth,
    height: swap ? track.codedWidth : track.codedHeight,
    frames: keeper.kept,
    ...(stronger && { localFrames: keeper.localFrames }),
    ...endOf(keeper.lastSec, claimedSec, limits.durationSec, clean),
  };
}

async function containerOf(file: Blob): Promise<VideoContainer> {
  const head = await file
    .slice(0, CONTAINER_HEAD_BYTES)
    .arrayBuffer()
    .catch((error: unknown) => {
      throw new VideoFailure("file_unreadable", error);
    });
  const container = videoContainer(new Uint8Array(head));
  if (container === null) throw new VideoFailure("not_a_video");
  if (container === "other") throw new VideoFailure("unsupported_format");
  return container;
}

interface SeenFrame {
  /** Null for a frame that is not looked at. */
  readonly picture: FramePicture | null;
  readonly timestampSec: number;
  readonly index: number;
}

/** Every frame's time in order, with the picture of the first in each sampled part of a second. */
async function* framesOf(track: InputVideoTrack, samplesPerSec: number, untilSec: number): AsyncGenerator<SeenFrame> {
  let part = -1;
  let index = 0;
  for await (const sample of new VideoSampleSink(track).samples(undefined, untilSec)) {
    const timestampSec = Math.max(0, sample.timestamp);
    const now = Math.floor(timestampSec * samplesPerSec);
    let picture: FramePicture | null = null;
    try {
      if (now > part) {
        const frame = sample.toVideoFrame();
        try {
          picture = pictureOf(frame, ORIENTATIONS[sample.rotation]);
        } finally {
          frame.close();
        }
        part = now;
      }
    } finally {
      sample.close();
    }
    yield { picture, timestampSec, index: index++ };
  }
}

function pictureOf(frame: VideoFrame, orientation: number): FramePicture {
  const { displayWidth: width, displayHeight: height } = frame;
  const swap = orientationSwapsSides(orientation);
  const size = hashedFrameSize(swap ? height : width, swap ? width : height, false);
  const [across, down] = swap ? [size.height, size.width] : [size.width, size.height];
  const resize = createResize(width, height, across, down);
  readStrips(frame, width, height, (rows) => resize.push(rows));
  const { rgb } = resize.result();
  return { ...size, rgb: orientRgb(rgb, across, down, orientation) };
}
