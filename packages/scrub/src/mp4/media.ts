/** The media data anew: only samples that are kept, chunk by chunk in the order in which they lay, so they stay interleaved. */
import { Output } from "../core/pieces.ts";
import { damaged, doubtful } from "../core/refuse.ts";
import type { Window } from "../core/window.ts";
import type { Coverage, MediaRanges } from "../boxes/coverage.ts";
import { ChunkList } from "./chunk-list.ts";
import type { Samples } from "./sample-table.ts";
import { copySample } from "../codec/treatment.ts";
import type { Description, SoundFrames } from "./description.ts";

/** Samples one by one; `needed` has a 1 for each that is kept, null: all. */
export interface SingleSamples {
  readonly kind: "single";
  readonly samples: Samples;
  readonly needed: Uint8Array | null;
}

/** Uncompressed sound, of which a sample is a few bytes: chunks as they are, but for what is cut off. */
export interface BulkSamples {
  readonly kind: "bulk";
  readonly count: number;
  readonly duration: number;
  readonly size: number;
  readonly frames: SoundFrames;
  readonly chunks: ChunkList;
}

export interface MediaTrack {
  readonly media: SingleSamples | BulkSamples;
  readonly descriptions: readonly Description[];
}

export interface WrittenTrack {
  /** In the order of their samples, by numbers of those that were kept; offsets are from the start of the media data. */
  readonly chunks: ChunkList;
  /** Sizes of the samples that were kept; empty for uncompressed sound. */
  readonly sizes: Uint32Array;
}

const chunksOf = ({ media }: MediaTrack): ChunkList => (media.kind === "bulk" ? media.chunks : media.samples.chunks);

/** Of each chunk of a track, the number of its first sample among those that are kept. */
const firstKeptOf = (track: MediaTrack): Float64Array => {
  const chunks = chunksOf(track);
  const needed = track.media.kind === "bulk" ? null : track.media.needed;
  const firsts = new Float64Array(chunks.count);
  let first = 0;
  let index = 0;
  for (const { firstSample, sampleCount } of chunks) {
    firsts[index] = first;
    index += 1;
    if (needed === null) first += sampleCount;
    else for (let i = 0; i < sampleCount; i += 1) first += needed[firstSample + i] ?? 0;
  }
  return firsts;
};

/** Calls `each` for all chunks of all tracks in the order in which they lie in the file. */
const eachChunk = async (
  tracks: readonly MediaTrack[],
  each: (track: number, chunk: number) => Promise<void>,
): Promise<void> => {
  const lists = tracks.map(chunksOf);
  const total = lists.reduce((sum, { count }) => sum + count, 0);
  const offsets = new Float64Array(total);
  const trackOf = new Uint16Array(total);
  const chunkOf = new Uint32Array(total);
  let at = 0;
  for (const [track, list] of lists.entries()) {
    for (let chunk = 0; chunk < list.count; chunk += 1) {
      offsets[at] = list.offsetOf(chunk);
      trackOf[at] = track;
      chunkOf[at] = chunk;
      at += 1;
    }
  }
  const order = new Uint32Array(total);
  for (let i = 0; i < total; i += 1) order[i] = i;
  // Sorting keeps the order of equals.
  order.sort((a, b) => (offsets[a] ?? 0) - (offsets[b] ?? 0));
  for (const i of order) await each(trackOf[i] ?? 0, chunkOf[i] ?? 0);
};

const keptCount = ({ media }: MediaTrack): number => {
  if (media.kind === "bulk") return 0;
  return media.needed === null ? media.samples.count : media.needed.reduce((sum, one) => sum + one, 0);
};

/** Bytes of a chunk of uncompressed sound. */
export const bulkBytes = ({ framesPerPacket, bytesPerPacket }: SoundFrames, samples: number): number => {
  if (samples % framesPerPacket !== 0) throw damaged("a chunk of sound is cut off");
  return (samples / framesPerPacket) * bytesPerPacket;
};

export const copyMedia = async (
  window: Window,
  tracks: readonly MediaTrack[],
  ranges: MediaRanges,
  coverage: Coverage,
  check: () => void,
): Promise<{ readonly media: Output; readonly written: readonly WrittenTrack[] }> => {
  const media = new Output();
  const written = tracks.map((track) => ({
    source: chunksOf(track),
    offsets: new Float64Array(chunksOf(track).count),
    counts: new Float64Array(chunksOf(track).count),
    firstKept: firstKeptOf(track),
    sizes: new Uint32Array(keptCount(track)),
  }));
  let read = 0;
  let done = 0;
  /** Each byte belongs to one sample: else a small file could become a large one. */
  const account = (offset: number, length: number): void => {
    if (length > 0 && !ranges.hold(offset, length)) throw damaged("a sample lies outside of the media data");
    read += length;
    if (read > window.sizeBytes) throw doubtful("samples lie one over the other");
    coverage.add(offset, length);
  };
  await eachChunk(tracks, async (track, number) => {
    done += 1;
    if (done % 256 === 0) check();
    const one = tracks[track];
    const into = written[track];
    const chunk = into?.source.at(number);
    const description = one?.descriptions[(chunk?.description ?? 0) - 1];
    if (one === undefined || into === undefined || chunk === undefined || description === undefined)
      throw damaged("a chunk is of a description that is not there");
    const begun = media.sizeBytes;
    let kept = chunk.sampleCount;
    if (one.media.kind === "bulk") {
      const length = bulkBytes(one.media.frames, chunk.sampleCount);
      account(chunk.offset, length);
      media.copy(chunk.offset, length);
    } else {
      const { samples, needed } = one.media;
      const firstKept = into.firstKept[number] ?? 0;
      let at = chunk.offset;
      kept = 0;
      for (let i = chunk.firstSample; i < chunk.firstSample + chunk.sampleCount; i += 1) {
        const size = samples.sizes[i] ?? 0;
        account(at, size);
        if (needed === null || needed[i] === 1) {
          const copied = copySample(window, at, size, media, description.treatment);
          into.sizes[firstKept + kept] = typeof copied === "number" ? copied : await copied;
          kept += 1;
        }
        at += size;
      }
    }
    // One without a byte lies at the start: anywhere else it would have the place of the next, and not keep it.
    into.offsets[number] = media.sizeBytes > begun ? begun : 0;
    into.counts[number] = kept;
  });
  return {
    media,
    written: written.map(({ source, offsets, counts, firstKept, sizes }) => {
      const chunks = new ChunkList();
      for (let i = 0; i < counts.length; i += 1) {
        const count = counts[i] ?? 0;
        if (count > 0) chunks.push(offsets[i] ?? 0, firstKept[i] ?? 0, count, source.at(i).description);
      }
      return { chunks, sizes };
    }),
  };
};
