/** A video opened to be marked: its frames one by one, at the times that `redactVideo` and `followRegion` mean. */
import type { Outcome } from "./codes.ts";
import type { FramesAnswer, FramesTask, ShownFrame, VideoFacts } from "./frames-messages.ts";
import { DEFAULT_VIDEO_LIMITS, type VideoOptions } from "./video.ts";

export interface OpenedVideo extends VideoFacts {
  /**
   * The last frame that begins at this time or before, the first one if none does. While one is fetched, of further
   * wishes only the newest is kept: the others end as `cancelled`. Never rejects.
   */
  frameAt(timeSec: number): Promise<Outcome<ShownFrame>>;
  /** The frame after the one that was shown last, null after the last one. Never rejects. */
  nextFrame(): Promise<Outcome<ShownFrame | null>>;
  /** Ends the worker, and with it all that it held. What is under way ends as `cancelled`. */
  close(): void;
}

export interface OpenVideoOptions extends Pick<VideoOptions, "signal" | "limits"> {
  /** Frames are made smaller to this longest side; 1,280 if left out. */
  readonly longestPx?: number;
}

/** A frame takes a slow phone less. */
const STALL_MS = 60_000;

interface Wish {
  readonly task: FramesTask;
  readonly finish: (outcome: Outcome<FramesAnswer>) => void;
}

/** Never rejects. `encode_unsupported` where this browser could show the video, and not write it. */
export async function openVideo(
  file: Blob,
  { signal, limits, longestPx = 1280 }: OpenVideoOptions = {},
): Promise<Outcome<OpenedVideo>> {
  const worker = new Worker(new URL("./frames-worker.ts", import.meta.url), { type: "module" });
  let isClosed = false;
  let current: Wish | undefined;
  let waiting: Wish | undefined;
  let stall: ReturnType<typeof setTimeout> | undefined;

  const end = (outcome: Outcome<FramesAnswer>): void => {
    clearTimeout(stall);
    const ended = current;
    current = undefined;
    ended?.finish(outcome);
    if (waiting !== undefined) begin(waiting);
  };
  const close = (code: "cancelled" | "decode_timeout" | "video_damaged" = "cancelled"): void => {
    if (isClosed) return;
    isClosed = true;
    worker.terminate();
    signal?.removeEventListener("abort", onAbort);
    waiting?.finish({ ok: false, code });
    waiting = undefined;
    end({ ok: false, code });
  };
  const onAbort = (): void => close();
  const begin = (wish: Wish): void => {
    waiting = undefined;
    current = wish;
    stall = setTimeout(() => close("decode_timeout"), STALL_MS);
    worker.postMessage(wish.task);
  };
  const ask = (task: FramesTask): Promise<Outcome<FramesAnswer>> =>
    new Promise((finish) => {
      if (isClosed) return finish({ ok: false, code: "cancelled" });
      if (current === undefined) return begin({ task, finish });
      waiting?.finish({ ok: false, code: "cancelled" });
      waiting = { task, finish };
    });
  const frame = async (task: FramesTask): Promise<Outcome<ShownFrame | null>> => {
    const outcome = await ask(task);
    if (!outcome.ok) return outcome;
    if (outcome.value.kind === "failed") return { ok: false, code: outcome.value.code };
    return { ok: true, value: outcome.value.kind === "frame" ? outcome.value.frame : null };
  };

  worker.onmessage = ({ data }: MessageEvent<FramesAnswer>) => end({ ok: true, value: data });
  worker.onerror = (event) => {
    event.preventDefault();
    close("video_damaged");
  };
  signal?.addEventListener("abort", onAbort);
  if (signal?.aborted === true) close();
  const first = await ask({ kind: "open", file, limits: { ...DEFAULT_VIDEO_LIMITS, ...limits }, longestPx });
  if (!first.ok) return first;
  if (first.value.kind !== "opened") {
    close();
    return { ok: false, code: first.value.kind === "failed" ? first.value.code : "video_damaged" };
  }
  return {
    ok: true,
    value: {
      ...first.value.facts,
      async frameAt(timeSec) {
        const outcome = await frame({ kind: "at", timeSec });
        if (!outcome.ok) return outcome;
        const { value } = outcome;
        return value === null ? { ok: false, code: "video_damaged" } : { ok: true, value };
      },
      nextFrame: () => frame({ kind: "next" }),
      close: () => close(),
    },
  };
}
