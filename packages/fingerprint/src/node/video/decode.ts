/** A video's frames, a few a second, as ffmpeg decodes and shrinks them: one at a time, in bounded memory. */
import type { Readable } from "node:stream";
import type { VideoContainer } from "../../video/container.ts";
import { hashedFrameSize } from "../../video/size.ts";
import { type FramePicture, VideoFailure, type VideoLimits } from "../../video/types.ts";
import type { Probe } from "./probe.ts";
import { type VideoPrograms, exitOf, inputArguments, startProgram } from "./programs.ts";

/** How decoding ended. */
export interface DecodeEnd {
  /** False if the decoder complained or died. */
  readonly clean: boolean;
}

/** Complaints end up here counted, never as text: they hold names. */
function countLines(stream: Readable): () => number {
  let lines = 0;
  stream.on("data", (part: Buffer) => {
    for (const byte of part) if (byte === 10) lines++;
  });
  return () => lines;
}

/** The times of frames, in their order, from what ffmpeg's metadata filter prints: "frame:0 pts:0 pts_time:0". */
function readTimes(stream: Readable): { readonly next: () => Promise<number> } {
  const times: number[] = [];
  let rest = "";
  let wake = (): void => undefined;
  let ended = false;
  stream.setEncoding("utf8").on("data", (part: string) => {
    const lines = (rest + part).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const found = /^frame:\d+\s+pts:\S+\s+pts_time:(-?[\d.e+]+)/.exec(line);
      if (found !== null) times.push(Number(found[1]));
    }
    wake();
  });
  const onEnd = (): void => {
    ended = true;
    wake();
  };
  stream.once("close", onEnd).once("end", onEnd).on("error", onEnd);
  return {
    async next() {
      while (times.length === 0 && !ended) await new Promise<void>((resolve) => (wake = resolve));
      return times.shift() ?? Number.NaN;
    },
  };
}

/**
 * The filters: the first frame in each sampled part of a second by its true time, upright, averaged to the size that is
 * hashed, as RGB; and its time, written to a pipe of its own. `metadata` prints only frames that have some. By way of
 * planes the bytes are the same, and ffmpeg takes a sixth less: it scales to packed pixels without its fast code.
 */
function filters(width: number, height: number, samplesPerSec: number): string {
  const part = (time: string): string => `floor(${time}*${samplesPerSec})`;
  return [
    `select='isnan(prev_selected_t)+gt(${part("t")},${part("prev_selected_t")})'`,
    `scale=${width}:${height}:flags=area`,
    "format=gbrp",
    "scale",
    "format=rgb24",
    "metadata=mode=add:key=r:value=1",
    "metadata=mode=print:file='pipe\\:3':direct=1",
  ].join(",");
}

/**
 * Calls `take` with each frame looked at and its time in seconds. The picture's buffer is used again after the call.
 * Throws VideoFailure for a timeout or an abort; a damaged file ends early and is told in the answer.
 */
export async function decodeVideo(
  path: string,
  container: VideoContainer,
  probe: Probe,
  { samplesPerSec, detail }: { readonly samplesPerSec: number; readonly detail: boolean },
  limits: VideoLimits,
  programs: VideoPrograms,
  signal: AbortSignal | undefined,
  take: (picture: FramePicture, timestampSec: number) => void,
): Promise<DecodeEnd> {
  const size = hashedFrameSize(probe.aspect * probe.height, probe.height, detail);
  const rgb = new Uint8Array(size.width * size.height * 3);
  const child = await startProgram(
    programs.ffmpeg,
    [
      // Frames that no other needs are skipped: a quarter less work on common H.264, and every frame that is
      // decoded is exact. Not the loop filter: 3 % for frames that drift.
      ["-nostdin", "-skip_frame", "noref", "-t", String(limits.durationSec)],
      // Checked again for every frame: a stream can change its size in the middle.
      ["-max_pixels", String(limits.pixels)],
      inputArguments(path, container),
      ["-map", "0:V:0", "-filter_threads", "1", "-vf", filters(size.width, size.height, samplesPerSec)],
      ["-fps_mode", "passthrough", "-f", "rawvideo", "pipe:1"],
    ].flat(),
    1,
  );
  const exit = exitOf(child);
  // The cast: the fourth entry of stdio is a pipe, as asked for.
  const times = readTimes((child.stdio as readonly unknown[])[3] as Readable);
  const complaints = countLines(child.stderr);
  let timedOut = false;
  const stop = (): void => void child.kill("SIGKILL");
  const timeOut = (): void => {
    timedOut = true;
    stop();
  };
  const whole = setTimeout(timeOut, limits.timeoutMs);
  const stall = setTimeout(timeOut, limits.stallMs);
  signal?.addEventListener("abort", stop, { once: true });
  try {
    let filled = 0;
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      for (let at = 0; at < chunk.length;) {
        const count = Math.min(chunk.length - at, rgb.length - filled);
        rgb.set(chunk.subarray(at, at + count), filled);
        at += count;
        filled += count;
        if (filled < rgb.length) continue;
        filled = 0;
        const timestampSec = await times.next();
        stall.refresh();
        if (Number.isFinite(timestampSec)) take({ ...size, rgb }, Math.max(0, timestampSec));
      }
    }
    const code = await exit;
    if (signal?.aborted) throw new VideoFailure("cancelled");
    if (timedOut) throw new VideoFailure("decode_timeout");
    return { clean: code === 0 && complaints() === 0 && filled === 0 };
  } finally {
    clearTimeout(whole);
    clearTimeout(stall);
    signal?.removeEventListener("abort", stop);
    stop();
  }
}
