/** From a video to its fingerprint, in Node. */
import { createHash } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { access, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { CONTAINER_HEAD_BYTES, VIDEO_MEDIA, type VideoContainer, videoContainer } from "../../video/container.ts";
import { endOf } from "../../video/end.ts";
import { frameExtras } from "../../video/frame-extras.ts";
import { createVideoFrameKeeper } from "../../video/keep-frames.ts";
import { MAX_FRAMES_KEPT, SAMPLES_PER_SEC, type VideoPurpose } from "../../video/size.ts";
import {
  DEFAULT_VIDEO_LIMITS,
  VideoFailure,
  type VideoFingerprint,
  type VideoLimits,
  type VideoOutcome,
  videoOutcomeOf,
} from "../../video/types.ts";
import { decodeVideo } from "./decode.ts";
import { probeVideo } from "./probe.ts";
import { DEFAULT_PROGRAMS, type VideoPrograms } from "./programs.ts";

export interface VideoOptions {
  /** What is read at most; what is left out is as in DEFAULT_VIDEO_LIMITS. */
  readonly limits?: Partial<VideoLimits>;
  /** Stops the work: the outcome is then `cancelled`. */
  readonly signal?: AbortSignal;
  /** "bank" unless told: a query's frames are looked at more often. */
  readonly purpose?: VideoPurpose;
  /** Local hashes of distinct frames too ("stronger recognition"). */
  readonly stronger?: boolean;
  /** Called with 0 to 1, ascending. */
  readonly onProgress?: (fraction: number) => void;
  /** Where FFmpeg's programs are; by default they are looked for in PATH. */
  readonly programs?: VideoPrograms;
}

/** Share of the progress shown for reading the file once for its digests; the rest is decoding. */
const DIGEST_SHARE = 0.1;
/**
 * Fingerprints a video file. It is read in pieces, never as a whole. A path that can't be opened, or is no regular
 * file, answers `file_unreadable`. Never rejects because of what the file holds: every such end has a code.
 */
export async function fingerprintVideoFile(path: string, options: VideoOptions = {}): Promise<VideoOutcome> {
  return videoOutcomeOf(async () => {
    const limits = { ...DEFAULT_VIDEO_LIMITS, ...options.limits };
    const { container, sizeBytes } = await lookAt(path, limits);
    const progress = ascending(options.onProgress);
    throwIfAborted(options.signal);
    const programs = options.programs ?? DEFAULT_PROGRAMS;
    const probe = await probeVideo(resolve(path), container, limits, programs, options.signal);
    const digests = await digestsOf(path, sizeBytes, options.signal, (share) => progress(share * DIGEST_SHARE));
    const purpose = options.purpose ?? "bank";
    const samplesPerSec = SAMPLES_PER_SEC[purpose];
    const extras = frameExtras(purpose, options.stronger);
    const keeper = createVideoFrameKeeper(extras, MAX_FRAMES_KEPT[purpose]);
    const expectedSec = Math.min(probe.claimedSec ?? Number.POSITIVE_INFINITY, limits.durationSec);
    const { clean } = await decodeVideo(
      resolve(path),
      container,
      probe,
      { samplesPerSec, detail: extras.localHashes !== undefined },
      limits,
      programs,
      options.signal,
      (picture, timestampSec) => {
        keeper.offer(picture, timestampSec, Math.round(timestampSec * (probe.frameRate ?? samplesPerSec)));
        progress(DIGEST_SHARE + (1 - DIGEST_SHARE) * Math.min(0.99, timestampSec / expectedSec));
      },
    );
    if (keeper.kept.length === 0) throw new VideoFailure("video_damaged");
    progress(1);
    return {
      media: VIDEO_MEDIA[container],
      codec: probe.codec,
      sizeBytes,
      ...digests,
      width: probe.width,
      height: probe.height,
      frames: keeper.kept,
      ...(extras.localHashes === undefined ? {} : { localFrames: keeper.localFrames }),
      ...endOf(keeper.lastSec, probe.claimedSec, limits.durationSec, clean),
    } satisfies VideoFingerprint;
  });
}

/**
 * As `fingerprintVideoFile`, of bytes in memory. FFmpeg has to seek in its input, so for the time of the work they lie
 * in a file that only this user can read; on Linux in memory (/dev/shm), elsewhere in the system's temporary folder.
 */
export async function fingerprintVideoBytes(bytes: Uint8Array, options: VideoOptions = {}): Promise<VideoOutcome> {
  const limits = { ...DEFAULT_VIDEO_LIMITS, ...options.limits };
  if (bytes.length > limits.bytes) return { ok: false, code: "file_too_large" };
  if (bytes.length === 0) return { ok: false, code: "empty_file" };
  const memory = "/dev/shm";
  const parent = await access(memory, constants.W_OK).then(
    () => memory,
    () => tmpdir(),
  );
  const folder = await mkdtemp(join(parent, "recourse-"));
  try {
    const path = join(folder, "video");
    await writeFile(path, bytes, { mode: 0o600 });
    return await fingerprintVideoFile(path, options);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The file's size and container; throws VideoFailure for what is refused before any decoder sees it. */
async function lookAt(
  path: string,
  limits: VideoLimits,
): Promise<{ readonly container: VideoContainer; readonly sizeBytes: number }> {
  const head = new Uint8Array(CONTAINER_HEAD_BYTES);
  const { size, bytesRead, regular } = await readHead(path, head).catch((error: unknown) => {
    throw new VideoFailure("file_unreadable", error);
  });
  if (!regular) throw new VideoFailure("file_unreadable");
  if (size === 0) throw new VideoFailure("empty_file");
  if (size > limits.bytes) throw new VideoFailure("file_too_large");
  const container = videoContainer(head.subarray(0, bytesRead));
  if (container === null) throw new VideoFailure("not_a_video");
  if (container === "other") throw new VideoFailure("unsupported_format");
  return { container, sizeBytes: size };
}

async function readHead(
  path: string,
  head: Uint8Array,
): Promise<{ readonly size: number; readonly bytesRead: number; readonly regular: boolean }> {
  await using file = await open(path, "r");
  const stats = await file.stat();
  if (!stats.isFile()) return { size: 0, bytesRead: 0, regular: false };
  const { bytesRead } = await file.read(head, 0, head.length, 0);
  return { size: stats.size, bytesRead, regular: true };
}

async function digestsOf(
  path: string,
  sizeBytes: number,
  signal: AbortSignal | undefined,
  onShare: (share: number) => void,
): Promise<{ readonly md5: string; readonly sha256: string }> {
  const md5 = createHash("md5");
  const sha256 = createHash("sha256");
  let done = 0;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
      throwIfAborted(signal);
      md5.update(chunk);
      sha256.update(chunk);
      onShare(Math.min(1, (done += chunk.length) / sizeBytes));
    }
  } catch (error) {
    throw error instanceof VideoFailure ? error : new VideoFailure("file_unreadable", error);
  }
  return { md5: md5.digest("hex"), sha256: sha256.digest("hex") };
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new VideoFailure("cancelled");
}

function ascending(onProgress: ((fraction: number) => void) | undefined): (fraction: number) => void {
  let last = -1;
  return (fraction) => {
    if (fraction > last) onProgress?.((last = fraction));
  };
}
