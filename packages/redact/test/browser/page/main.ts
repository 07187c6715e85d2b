/** The test page: hands the chosen file to the browser door; the test calls what is put on `window`. */
import {
  type FollowedRegion,
  followRegion,
  type FollowOptions,
  openVideo,
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
import type { FilmPlan } from "../film-plan.ts";
import type { DrawnWriting, WritingPlan } from "../writing-plan.ts";
import { makeFilm, seeFilm } from "./films.ts";
import { drawWriting } from "./writing.ts";

const input = document.querySelector("input")!;

/** What of an outcome can be handed to the test: the file as base64. */
type Plain<T> = Outcome<Omit<T, "file"> & { readonly base64: string }>;

const base64Of = async (blob: Blob): Promise<string> => base64(new Uint8Array(await blob.arrayBuffer()));

function base64(bytes: Uint8Array): string {
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
  makeFilm: async (plan: FilmPlan): Promise<string> => base64Of(await makeFilm(plan)),
  /** The chosen film's frames; brightness as base64. */
  async seeFilm() {
    const { frames, ...rest } = await seeFilm(input.files![0]!);
    return { ...rest, frames: frames.map(({ timeSec, luma }) => ({ timeSec, luma: base64(luma) })) };
  },
  /** Facts of the chosen video, the times of its frames one after the other, and of those asked for. */
  async frames(timesSec: readonly number[]) {
    const opened = await openVideo(input.files![0]!);
    if (!opened.ok) return opened;
    const { frameAt, nextFrame, close, ...facts } = opened.value;
    const at: (number | string)[] = [];
    for (const timeSec of timesSec) {
      const frame = await frameAt(timeSec);
      at.push(frame.ok ? frame.value.timeSec : frame.code);
    }
    await frameAt(facts.startSec);
    const following: (number | string)[] = [];
    for (;;) {
      const frame = await nextFrame();
      if (frame.ok && frame.value === null) break;
      following.push(frame.ok ? frame.value!.timeSec : frame.code);
      if (!frame.ok) break;
    }
    const wishes = await Promise.all([frameAt(0), frameAt(1), frameAt(2)]);
    const codes = wishes.map((wish) => (wish.ok ? "ok" : wish.code));
    close();
    const closed = await frameAt(0);
    return { ok: true, value: { facts, at, following, codes, closed: closed.ok ? "ok" : closed.code } } as const;
  },
  async drawWriting(plan: WritingPlan): Promise<DrawnWriting> {
    const { file, corners } = await drawWriting(plan);
    return { jpeg: await base64Of(file), corners };
  },
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
