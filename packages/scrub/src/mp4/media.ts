/** The media data anew: only samples that are kept, chunk by chunk in the order in which they lay, so they stay interleaved. */
import { Output } from "../core/pieces.ts";
import { damaged, doubtful } from "../core/refuse.ts";
import type { Window } from "../core/window.ts";
import type { Coverage, MediaRanges } from "../boxes/coverage.ts";
import type { Chunk, Samples } from "./sample-table.ts";
import type { WrittenChunk } from "./sample-table-write.ts";
import { copySample, type Description, type SoundFrames } from "./treatment.ts";

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
  readonly chunks: readonly Chunk[];
}

export interface MediaTrack {
  readonly media: SingleSamples | BulkSamples;
  readonly descriptions: readonly Description[];
}

export interface WrittenTrack {
  /** In the order of their samples. */
  readonly chunks: readonly WrittenChunk[];
  /** Sizes of the samples that were kept; empty for uncompressed sound. */
  readonly sizes: Uint32Array;
}

interface Job {
  readonly track: number;
  readonly chunk: Chunk;
  /** Number of the chunk's first sample among those that are kept. */
  readonly firstKept: number;
}

const jobsOf = (tracks: readonly MediaTrack[]): readonly Job[] => {
  const jobs: Job[] = [];
  for (const [track, { media }] of tracks.entries()) {
    const chunks = media.kind === "bulk" ? media.chunks : media.samples.chunks;
    const needed = media.kind === "bulk" ? null : media.needed;
    let firstKept = 0;
    for (const chunk of chunks) {
      jobs.push({ track, chunk, firstKept });
      if (needed === null) firstKept += chunk.sampleCount;
      else for (let i = 0; i < chunk.sampleCount; i += 1) firstKept += needed[chunk.firstSample + i] ?? 0;
    }
  }
  return jobs.toSorted((a, b) => a.chunk.offset - b.chunk.offset);
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
    chunks: [] as (WrittenChunk & { readonly firstKept: number })[],
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
  for (const { track, chunk, firstKept } of jobsOf(tracks)) {
    done += 1;
    if (done % 256 === 0) check();
    const one = tracks[track];
    const into = written[track];
    const description = one?.descriptions[chunk.description - 1];
    if (one === undefined || into === undefined || description === undefined)
      throw damaged("a chunk is of a description that is not there");
    const offset = media.sizeBytes;
    let kept = chunk.sampleCount;
    if (one.media.kind === "bulk") {
      const length = bulkBytes(one.media.frames, chunk.sampleCount);
      account(chunk.offset, length);
      media.copy(chunk.offset, length);
    } else {
      const { samples, needed } = one.media;
      let at = chunk.offset;
      kept = 0;
      for (let i = chunk.firstSample; i < chunk.firstSample + chunk.sampleCount; i += 1) {
        const size = samples.sizes[i] ?? 0;
        account(at, size);
        if (needed === null || needed[i] === 1) {
          into.sizes[firstKept + kept] = await copySample(window, at, size, media, description.treatment);
          kept += 1;
        }
        at += size;
      }
    }
    if (kept > 0) into.chunks.push({ offset, sampleCount: kept, description: chunk.description, firstKept });
  }
  for (const { chunks } of written) chunks.sort((a, b) => a.firstKept - b.firstKept);
  return { media, written };
};
