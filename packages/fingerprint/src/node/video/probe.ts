/** What a video's container says about its picture, by ffprobe. No frame is decoded for more than its header. */
import type { VideoContainer } from "../../video/container.ts";
import {
  VIDEO_CODECS,
  type VideoCodec,
  type VideoErrorCode,
  VideoFailure,
  type VideoLimits,
} from "../../video/types.ts";
import { type VideoPrograms, exitOf, inputArguments, startProgram } from "./programs.ts";

export interface Probe {
  readonly codec: VideoCodec;
  /** Of the upright picture, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Width over height of the upright picture as it is shown (pixels need not be square). */
  readonly aspect: number;
  /** What the container claims; null if it doesn't. */
  readonly claimedSec: number | null;
  /** Frames in a second on average; null if unknown. */
  readonly frameRate: number | null;
}

/** The answer is under 2 KB; a hostile container must not make it large. */
const MAX_ANSWER_BYTES = 256 * 1024;
const PROBE_TIMEOUT_MS = 20_000;

const ENTRIES = [
  "stream=codec_type,codec_name,width,height,sample_aspect_ratio,avg_frame_rate,duration",
  "stream_disposition=attached_pic,timed_thumbnails",
  "stream_tags=DURATION,rotate",
  "stream_side_data=rotation",
  "format=duration",
].join(":");

/** Throws VideoFailure: a frame over the limit is refused here, before it is decoded. */
export async function probeVideo(
  path: string,
  container: VideoContainer,
  limits: VideoLimits,
  programs: VideoPrograms,
  signal: AbortSignal | undefined,
): Promise<Probe> {
  const child = await startProgram(programs.ffprobe, [
    "-show_entries",
    ENTRIES,
    "-of",
    "json",
    ...inputArguments(path, container),
  ]);
  const exit = exitOf(child);
  let timedOut = false;
  const stop = (): void => void child.kill("SIGKILL");
  const timer = setTimeout(
    () => {
      timedOut = true;
      stop();
    },
    Math.min(PROBE_TIMEOUT_MS, limits.timeoutMs),
  );
  signal?.addEventListener("abort", stop, { once: true });
  // Not looked at: messages hold names and metadata. It must be read, or the program would wait.
  child.stderr.resume();
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    text += part;
    if (text.length > MAX_ANSWER_BYTES) stop();
  });
  const code = await exit;
  clearTimeout(timer);
  signal?.removeEventListener("abort", stop);
  if (signal?.aborted) throw new VideoFailure("cancelled");
  if (timedOut) throw new VideoFailure("decode_timeout");
  if (text.length > MAX_ANSWER_BYTES) throw new VideoFailure("video_damaged");
  return readProbe(text, code, limits);
}

type Json = Readonly<Record<string, unknown>>;
const isJson = (value: unknown): value is Json => typeof value === "object" && value !== null;
const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isJson) : []);
/** A finite number in a field that ffprobe prints as number or text, or null. */
function number(value: unknown): number | null {
  const read = typeof value === "string" || typeof value === "number" ? Number(value) : Number.NaN;
  return Number.isFinite(read) ? read : null;
}
/** "30000/1001" or "1:1" as a number above 0, or null. */
function ratio(value: unknown): number | null {
  const [above, below] = typeof value === "string" ? value.split(/[/:]/, 2).map(Number) : [];
  const read = (above ?? 0) / (below ?? 0);
  return Number.isFinite(read) && read > 0 ? read : null;
}
/** "00:00:05.280000000", Matroska's tag for one track. */
function clock(value: unknown): number | null {
  const parts = typeof value === "string" ? /^(\d{1,6}):(\d\d):(\d\d(?:\.\d+)?)$/.exec(value.trim()) : null;
  return parts === null ? null : Number(parts[1]) * 3600 + Number(parts[2]) * 60 + Number(parts[3]);
}

const typeOf = (stream: Json): unknown => stream["codec_type"];

/** What `-map 0:V:0` takes: the first video that is no cover picture. */
const isVideo = (stream: Json): boolean => {
  const { attached_pic: cover, timed_thumbnails: thumbnails } = isJson(stream["disposition"])
    ? stream["disposition"]
    : {};
  return typeOf(stream) === "video" && cover !== 1 && thumbnails !== 1;
};

/** Why there is no video: the container could not be read, holds sound, or neither. */
function withoutVideo(exitCode: number | null, streams: readonly Json[]): VideoErrorCode {
  if (exitCode !== 0) return "video_damaged";
  return streams.some((stream) => typeOf(stream) === "audio") ? "sound_only" : "not_a_video";
}

function readProbe(text: string, exitCode: number | null, limits: VideoLimits): Probe {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw new VideoFailure("video_damaged");
  }
  if (!isJson(answer)) throw new VideoFailure("video_damaged");
  const streams = list(answer["streams"]);
  const stream = streams.find(isVideo);
  if (stream === undefined) throw new VideoFailure(withoutVideo(exitCode, streams));
  const codec = VIDEO_CODECS.find((known) => known === stream["codec_name"]);
  if (codec === undefined) throw new VideoFailure("unsupported_format");
  const stored = { width: number(stream["width"]) ?? 0, height: number(stream["height"]) ?? 0 };
  if (stored.width < 1 || stored.height < 1) throw new VideoFailure("video_damaged");
  if (stored.width * stored.height > limits.pixels) throw new VideoFailure("too_many_pixels");
  const tags = isJson(stream["tags"]) ? stream["tags"] : {};
  const rotation = list(stream["side_data_list"])
    .map((data) => number(data["rotation"]))
    .find((each) => each !== null);
  const quarterTurns = Math.round((rotation ?? number(tags["rotate"]) ?? 0) / 90);
  const swap = quarterTurns % 2 !== 0;
  const pixelAspect = Math.min(4, Math.max(0.25, ratio(stream["sample_aspect_ratio"]) ?? 1));
  const aspect = (stored.width / stored.height) * pixelAspect;
  const format = isJson(answer["format"]) ? answer["format"] : {};
  return {
    codec,
    width: swap ? stored.height : stored.width,
    height: swap ? stored.width : stored.height,
    aspect: swap ? 1 / aspect : aspect,
    claimedSec: number(stream["duration"]) ?? clock(tags["DURATION"]) ?? number(format["duration"]),
    frameRate: ratio(stream["avg_frame_rate"]),
  };
}
