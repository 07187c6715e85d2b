/** Shows a video's frames one by one, by the decoder and the clock that also serve when it is covered. */
import { type InputVideoTrack, type VideoSample, VideoSampleSink } from "mediabunny";
import { DoorFailure } from "./codes.ts";
import type { FramesAnswer, FramesTask, ShownFrame, VideoFacts } from "./frames-messages.ts";
import { openInput, writableCodec } from "./video-input.ts";

/** The part of a worker's global scope that is used; the DOM's own types describe a page's. */
interface WorkerScope {
  addEventListener(type: "message", listener: (event: MessageEvent<FramesTask>) => void): void;
  postMessage(message: FramesAnswer, transfer: Transferable[]): void;
}
// The cast: this runs in a worker, whose scope has these two.
const scope = globalThis as unknown as WorkerScope;

interface Opened {
  readonly track: InputVideoTrack;
  readonly sink: VideoSampleSink;
  readonly startSec: number;
  readonly scale: number;
}
let opened: Opened | undefined;
let following: AsyncGenerator<VideoSample, void, unknown> | undefined;
let lastSec = Number.NEGATIVE_INFINITY;

async function open({ file, limits, longestPx }: Extract<FramesTask, { kind: "open" }>): Promise<VideoFacts> {
  const { input, track } = await openInput(file, limits);
  const size = { width: track.displayWidth, height: track.displayHeight };
  // Nobody marks a video for an hour to learn then that it can't be written.
  await writableCodec(size);
  // What lies before 0 is not shown by players, and is not in the output.
  const startSec = Math.max(0, await track.getFirstTimestamp());
  const endSec = await track.computeDuration();
  opened = {
    track,
    sink: new VideoSampleSink(track),
    startSec,
    scale: Math.min(1, longestPx / Math.max(size.width, size.height)),
  };
  return { ...size, startSec, endSec, hasSound: (await input.getPrimaryAudioTrack()) !== null };
}

function shown(sample: VideoSample, scale: number): ShownFrame {
  try {
    const width = Math.max(1, Math.round(sample.displayWidth * scale));
    const height = Math.max(1, Math.round(sample.displayHeight * scale));
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d");
    if (context === null) throw new DoorFailure("too_many_pixels");
    sample.draw(context, 0, 0, width, height);
    lastSec = sample.timestamp;
    return { bitmap: canvas.transferToImageBitmap(), timeSec: sample.timestamp, durationSec: sample.duration };
  } finally {
    sample.close();
  }
}

async function frameAt({ sink, startSec, scale }: Opened, timeSec: number): Promise<ShownFrame | null> {
  await following?.return();
  following = undefined;
  const sample = await sink.getSample(Math.max(startSec, timeSec));
  return sample === null ? null : shown(sample, scale);
}

async function nextFrame({ sink, startSec, scale }: Opened): Promise<ShownFrame | null> {
  following ??= sink.samples(Math.max(startSec, lastSec));
  for (;;) {
    const { done, value } = await following.next();
    if (done === true) return null;
    // The first of them is the one that is shown.
    if (value.timestamp > lastSec) return shown(value, scale);
    value.close();
  }
}

async function answer(task: FramesTask): Promise<FramesAnswer> {
  if (task.kind === "open") return { kind: "opened", facts: await open(task) };
  if (opened === undefined) throw new DoorFailure("video_damaged");
  return { kind: "frame", frame: task.kind === "at" ? await frameAt(opened, task.timeSec) : await nextFrame(opened) };
}

scope.addEventListener("message", ({ data }) => {
  answer(data).then(
    (message) => {
      const bitmap = message.kind === "frame" ? message.frame?.bitmap : undefined;
      scope.postMessage(message, bitmap === undefined ? [] : [bitmap]);
    },
    (error: unknown) => {
      const code = error instanceof DoorFailure ? error.code : "video_damaged";
      scope.postMessage({ kind: "failed", code }, []);
    },
  );
});
