/** A track that is kept: its samples without what edits hide, and its `trak` box as it is written. */
import { be32, join } from "../core/bytes.ts";
import type { Findings } from "../core/findings.ts";
import { doubtful } from "../core/refuse.ts";
import { boxAround, makeFullBox } from "../boxes/box.ts";
import { ChunkList } from "./chunk-list.ts";
import { makeDataInformation, makeDescriptions } from "./descriptions.ts";
import { type Edit, makeEdits, neededSamples, playedTimes, SOUND_ROLL } from "./edits.ts";
import { makeHandler, makeMediaHeader, makeTrackHeader } from "./headers.ts";
import type { BulkSamples, MediaTrack, SingleSamples, WrittenTrack } from "./media.ts";
import type { Samples } from "./sample-table.ts";
import {
  makeChunkOffsets,
  makeChunkRuns,
  makeConstantDurations,
  makeConstantSizes,
  makeDurations,
  makeOffsets,
  makeSizes,
  makeSync,
} from "./sample-table-write.ts";
import type { TrackBoxes } from "./track.ts";

export interface KeptTrack extends MediaTrack {
  readonly boxes: TrackBoxes;
  readonly edits: readonly Edit[];
  /** Samples that are not shown, but needed to decode what is. */
  readonly hidden: number;
}

const sum = (values: Uint32Array): number => values.reduce((total, value) => total + value, 0);

const shifted = (edits: readonly Edit[], time: number): readonly Edit[] =>
  edits.map((edit) => (edit.mediaTime < 0 ? edit : { ...edit, mediaTime: edit.mediaTime - time }));

const reportHidden = (where: string, count: number, findings: Findings): void => {
  if (count > 0) findings.add("hidden_media", where, "cut away, but still there", `${count} samples`, "high");
};

/** Times of the edits with those that last "to the end" told by a number. */
export const explicitEdits = (edits: readonly Edit[], mediaEnd: number, movieScale: number, timeScale: number) =>
  edits.map((edit): Edit => {
    if (edit.duration !== 0 || edit.mediaTime < 0) return edit;
    const rest = Math.max(0, mediaEnd - edit.mediaTime);
    return { ...edit, duration: Math.ceil((rest * movieScale) / timeScale) };
  });

/** Decides which samples are kept; null if none is played. */
export const applyEdits = (
  boxes: TrackBoxes,
  edits: readonly Edit[],
  samples: Samples,
  movieScale: number,
  findings: Findings,
): { readonly media: SingleSamples; readonly edits: readonly Edit[]; readonly hidden: number } | null => {
  const all = { media: { kind: "single" as const, samples, needed: null }, edits, hidden: 0 };
  const played = playedTimes(edits, movieScale, boxes.timeScale);
  if (played === null) return all;
  const { needed, hidden } = neededSamples(samples, played, boxes.handler === "soun");
  const first = needed.indexOf(1);
  if (first < 0) return null;
  const gone = needed.reduce((count, one) => count + 1 - one, 0);
  reportHidden(boxes.where, gone, findings);
  if (gone === 0) return { ...all, hidden };
  const leading = sum(samples.durations.subarray(0, first));
  return { media: { kind: "single", samples, needed }, edits: shifted(edits, leading), hidden };
};

/** As `applyEdits`, for uncompressed sound, of which one part in one piece may be played. */
export const applyEditsToBulk = (
  boxes: TrackBoxes,
  edits: readonly Edit[],
  bulk: BulkSamples,
  movieScale: number,
  findings: Findings,
): { readonly media: BulkSamples; readonly edits: readonly Edit[]; readonly hidden: number } | null => {
  const played = playedTimes(edits, movieScale, boxes.timeScale, 1);
  if (played === null || bulk.duration === 0) return { media: bulk, edits, hidden: 0 };
  const step = bulk.frames.framesPerPacket;
  const from = Math.min(...played.map(([start]) => start)) / bulk.duration - (step > 1 ? SOUND_ROLL * step : 0);
  const to = Math.min(bulk.count, Math.ceil(Math.max(...played.map(([, end]) => end)) / bulk.duration));
  const first = Math.max(0, Math.floor(from / step) * step);
  const last = Math.min(bulk.count, Math.ceil(to / step) * step);
  if (first >= last) return null;
  if (first === 0 && last >= bulk.count) return { media: bulk, edits, hidden: 0 };
  if (played.length > 1) throw doubtful("a sound is cut in several places");
  const chunks = new ChunkList();
  for (const chunk of bulk.chunks) {
    const start = Math.max(chunk.firstSample, first);
    const end = Math.min(chunk.firstSample + chunk.sampleCount, last);
    if (start >= end) continue;
    const skipped = ((start - chunk.firstSample) / step) * bulk.frames.bytesPerPacket;
    if (!Number.isInteger(skipped)) throw doubtful("a sound is cut within a packet");
    chunks.push(chunk.offset + skipped, start - first, end - start, chunk.description);
  }
  const count = last - first;
  reportHidden(boxes.where, bulk.count - count, findings);
  return { media: { ...bulk, count, chunks }, edits: shifted(edits, first * bulk.duration), hidden: 0 };
};

/** Durations, offsets and places to begin of the samples that are kept; what was cut out between them lasts on. */
const keptTimes = ({ samples, needed }: SingleSamples): Pick<Samples, "durations" | "offsets" | "sync"> => {
  if (needed === null) return samples;
  const count = needed.reduce((total, one) => total + one, 0);
  const durations = new Uint32Array(count);
  const offsets = samples.offsets === null ? null : new Int32Array(count);
  const sync = samples.sync === null ? null : new Uint8Array(count);
  const end = needed.lastIndexOf(1);
  let at = -1;
  for (let i = 0; i <= end; i += 1) {
    if (needed[i] === 1) {
      at += 1;
      if (offsets !== null) offsets[at] = samples.offsets?.[i] ?? 0;
      if (sync !== null) sync[at] = samples.sync?.[i] ?? 0;
    }
    if (at >= 0) durations[at] = (durations[at] ?? 0) + (samples.durations[i] ?? 0);
  }
  return {
    durations,
    offsets: offsets?.some((offset) => offset !== 0) === true ? offsets : null,
    sync: sync?.every((one) => one === 1) === true ? null : sync,
  };
};

export interface TrackWriter {
  /** In units of the movie. */
  readonly duration: number;
  /** The `trak` box, in parts; the media data begins at `base` of the file. */
  readonly make: (number: number, base: number, wide: boolean) => readonly Uint8Array[];
}

export const trackWriter = (
  track: KeptTrack,
  written: WrittenTrack,
  movieScale: number,
  quickTime: boolean,
): TrackWriter => {
  const { media, boxes, edits } = track;
  const { timeScale, handler } = boxes;
  let times: Uint8Array;
  let sizes: Uint8Array;
  let mediaDuration: number;
  if (media.kind === "bulk") {
    mediaDuration = media.count * media.duration;
    times = makeConstantDurations(media.count, media.duration);
    sizes = makeConstantSizes(media.count, media.size);
  } else {
    const { durations, offsets, sync } = keptTimes(media);
    mediaDuration = sum(durations);
    times = join(
      makeDurations(durations),
      offsets === null ? new Uint8Array(0) : makeOffsets(offsets),
      sync === null ? new Uint8Array(0) : makeSync(sync),
    );
    sizes = makeSizes(written.sizes);
  }
  const duration =
    edits.length > 0
      ? edits.reduce((total, edit) => total + edit.duration, 0)
      : Math.floor((mediaDuration * movieScale) / timeScale);
  const fixed = [makeDescriptions(track.descriptions), times, makeChunkRuns(written.chunks), sizes];
  const header = handler === "soun" ? makeFullBox("smhd", 0, 0, be32(0)) : makeFullBox("vmhd", 0, 1, new Uint8Array(8));
  return {
    duration,
    make: (number, base, wide) =>
      boxAround("trak", [
        makeTrackHeader(boxes.header, number, duration),
        makeEdits(edits),
        ...boxAround("mdia", [
          makeMediaHeader(timeScale, mediaDuration),
          makeHandler(quickTime ? "mhlr" : "\0\0\0\0", handler),
          ...boxAround("minf", [
            header,
            quickTime ? makeHandler("dhlr", "url ") : new Uint8Array(0),
            makeDataInformation(),
            ...boxAround("stbl", [...fixed, makeChunkOffsets(written.chunks, base, wide)]),
          ]),
        ]),
      ]),
  };
};
