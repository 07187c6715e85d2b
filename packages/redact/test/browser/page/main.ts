/** The test page: hands the chosen file to the browser door; the test calls what is put on `window`. */
import {
  type FollowedRegion,
  followRegion,
  type FollowOptions,
  type Outcome,
  type PictureOptions,
  redactPicture,
  type RedactedPicture,
  type RedactedVideo,
  redactVideo,
  type SuggestOptions,
  type Suggestions,
  suggestRegions,
  type VideoRedaction,
} from "../../../src/browser/index.ts";
import type { Rectangle, Redaction } from "../../../src/types.ts";

const input = document.querySelector("input")!;

/** What of an outcome can be handed to the test: the file as base64. */
type Plain<T> = Outcome<Omit<T, "file"> & { readonly base64: string }>;

async function base64Of(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

async function plain<T extends { readonly file: Blob }>(outcome: Outcome<T>): Promise<Plain<T>> {
  if (!outcome.ok) return outcome;
  const { file, ...rest } = outcome.value;
  return { ok: true, value: { ...rest, base64: await base64Of(file) } };
}

const api = {
  progress: [] as number[],
  /** Redacts the chosen picture; `cancelAt` stops at the first progress of that fraction or more. */
  async picture(redaction: Redaction, options: PictureOptions = {}, cancelAt = 2): Promise<Plain<RedactedPicture>> {
    api.progress = [];
    const abort = new AbortController();
    const onProgress = (fraction: number): void => {
      api.progress.push(fraction);
      if (fraction >= cancelAt) abort.abort();
    };
    return plain(await redactPicture(input.files![0]!, redaction, { ...options, signal: abort.signal, onProgress }));
  },
  /** Redacts the chosen video; `cancelAt` as above. */
  async video(redaction: VideoRedaction, cancelAt = 2): Promise<Plain<RedactedVideo>> {
    api.progress = [];
    const abort = new AbortController();
    const onProgress = (fraction: number): void => {
      api.progress.push(fraction);
      if (fraction >= cancelAt) abort.abort();
    };
    return plain(await redactVideo(input.files![0]!, redaction, { signal: abort.signal, onProgress }));
  },
  follow: (box: Rectangle, options: FollowOptions): Promise<Outcome<FollowedRegion>> =>
    followRegion(input.files![0]!, box, options),
  /** Suggestions for the chosen picture, and how long they took. */
  async suggest(
    options: SuggestOptions = {},
  ): Promise<{ readonly outcome: Outcome<Suggestions>; readonly ms: number }> {
    const start = performance.now();
    const outcome = await suggestRegions(input.files![0]!, options);
    return { outcome, ms: performance.now() - start };
  },
};

declare global {
  interface Window {
    door: typeof api;
  }
}
window.door = api;
