/**
 * Videos to fingerprints in a page. Each video gets a worker of its own that ends with it: containers and decoders are
 * a chunk that only those load who choose a video, and what they hold in memory goes with the worker.
 */
import type { VideoPurpose } from "../video/size.ts";
import { DEFAULT_VIDEO_LIMITS, type VideoErrorCode, type VideoLimits, type VideoOutcome } from "../video/types.ts";
import type { VideoSeconds, VideoTask, VideoWorkerMessage } from "./video-messages.ts";

export interface BrowserVideoOptions {
  /** What is read at most; what is left out is as in DEFAULT_VIDEO_LIMITS. */
  readonly limits?: Partial<VideoLimits>;
  /** "bank" unless told: a query's frames are looked at more often. */
  readonly purpose?: VideoPurpose;
  /** Local hashes of distinct frames too ("stronger recognition"). */
  readonly stronger?: boolean;
  /** Stops the work: the outcome is then `cancelled`. */
  readonly signal?: AbortSignal;
  /** Called with 0 to 1, ascending, while the file is worked on, and with `seconds` as soon as frames are read. */
  readonly onProgress?: (fraction: number, seconds?: VideoSeconds) => void;
}

/** Phones slow down under load and decode large frames one by one. */
const BROWSER_STALL_MS = 60_000;

/**
 * Fingerprints a video file; nothing leaves the page. Never rejects: every end has a code. Codecs are those of the
 * browser (H.265 is missing in many): `unsupported_format` then. Several at once share the device: better one by one.
 */
export function fingerprintVideo(file: Blob, options: BrowserVideoOptions = {}): Promise<VideoOutcome> {
  const { signal, onProgress, purpose = "bank", stronger = false } = options;
  const limits: VideoLimits = { ...DEFAULT_VIDEO_LIMITS, stallMs: BROWSER_STALL_MS, ...options.limits };
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve({ ok: false, code: "cancelled" });
    const worker = new Worker(new URL("./video-worker.ts", import.meta.url), { type: "module" });
    let started = false;
    const finish = (outcome: VideoOutcome): void => {
      clearTimeout(whole);
      clearTimeout(stall);
      signal?.removeEventListener("abort", onAbort);
      worker.onmessage = null;
      worker.onerror = null;
      worker.terminate();
      resolve(outcome);
    };
    const fail = (code: VideoErrorCode): void => finish({ ok: false, code });
    const onAbort = (): void => fail("cancelled");
    const timeOut = (): void => fail("decode_timeout");
    const whole = setTimeout(timeOut, limits.timeoutMs);
    let stall = setTimeout(timeOut, limits.stallMs);
    signal?.addEventListener("abort", onAbort, { once: true });
    worker.onmessage = ({ data }: MessageEvent<VideoWorkerMessage>) => {
      if (data.type === "done") return finish(data.outcome);
      started = true;
      clearTimeout(stall);
      stall = setTimeout(timeOut, limits.stallMs);
      onProgress?.(data.fraction, data.seconds);
    };
    // Before the first sign of life the worker itself could not be loaded; after it, the video was too much for it.
    worker.onerror = (event) => {
      event.preventDefault();
      fail(started ? "video_damaged" : "file_unreadable");
    };
    worker.onmessageerror = () => fail("file_unreadable");
    const task: VideoTask = { file, limits, purpose, stronger };
    worker.postMessage(task);
  });
}
