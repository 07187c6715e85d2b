/**
 * Edit lists (ISO/IEC 14496-12, 8.6.6): which parts of a track are played. What they hide stays in the file and comes
 * out again with one tool, so samples that nothing played needs for decoding are taken out.
 */
import { be32, join, u32be } from "../core/bytes.ts";
import { damaged, doubtful, unsupported } from "../core/refuse.ts";
import { be64, type Box, makeBox, makeFullBox, u64be } from "../boxes/box.ts";
import type { Samples } from "./sample-table.ts";

export interface Edit {
  /** In units of the movie; 0: to the end. */
  readonly duration: number;
  /** In units of the track; -1: nothing is shown for that long. */
  readonly mediaTime: number;
  /** Played at this rate, as 16.16; 0: one picture stands still. */
  readonly rate: number;
}

/** From inclusive to exclusive, in units of the track. */
export type Times = readonly [number, number];

const MAX_EDITS = 1000;
/** Edits times samples: some seconds of work. */
const MAX_COMPARED = 400_000_000;

/** `elst`. */
export const readEdits = (bytes: Uint8Array, box: Box): readonly Edit[] => {
  const wide = bytes[box.body] === 1;
  const size = wide ? 20 : 12;
  const count = u32be(bytes, box.body + 4);
  if (count > MAX_EDITS) throw doubtful("the file has too many edits");
  if (box.body + 8 + count * size > box.end) throw damaged("the edit list is cut off");
  return Array.from({ length: count }, (_, i) => {
    const at = box.body + 8 + size * i;
    const rate = u32be(bytes, at + size - 4);
    if (rate >= 0x8000_0000) throw unsupported("a track is played backwards");
    const timeAt = at + (wide ? 8 : 4);
    const nothing = u32be(bytes, timeAt) === 0xffff_ffff;
    const mediaTime = wide ? u64be(bytes, timeAt) : u32be(bytes, timeAt);
    return { duration: wide ? u64be(bytes, at) : u32be(bytes, at), mediaTime: nothing ? -1 : mediaTime, rate };
  });
};

/** `edts` anew; nothing if there are no edits. */
export const makeEdits = (edits: readonly Edit[]): Uint8Array => {
  if (edits.length === 0) return new Uint8Array(0);
  const wide = edits.some(({ duration, mediaTime }) => duration > 0xffff_ffff || mediaTime > 0x7fff_ffff);
  const number = wide ? be64 : be32;
  const nothing = be32(0xffff_ffff);
  const entries = edits.map(({ duration, mediaTime, rate }) =>
    join(number(duration), mediaTime >= 0 ? number(mediaTime) : wide ? join(nothing, nothing) : nothing, be32(rate)),
  );
  return makeBox("edts", makeFullBox("elst", wide ? 1 : 0, 0, be32(edits.length), ...entries));
};

/** Times that are played. Null: all. `slack` movie units are added to each: durations may have been rounded down. */
export const playedTimes = (
  edits: readonly Edit[],
  movieScale: number,
  trackScale: number,
  slack = 0,
): readonly Times[] | null => {
  const played = edits.filter(({ mediaTime }) => mediaTime >= 0);
  if (played.length === 0) return null;
  return played.map(({ duration, mediaTime, rate }) => {
    const length =
      duration === 0 ? Number.POSITIVE_INFINITY : Math.ceil(((duration + slack) * trackScale) / movieScale);
    return [mediaTime, mediaTime + (rate === 0 ? 1 : Math.ceil((length * rate) / 0x1_0000))] as const;
  });
};

/** Sound decoders need some samples before the first that is heard: AAC one to three, Opus four. */
export const SOUND_ROLL = 4;

export interface Needed {
  /** 1 for each sample that is kept. */
  readonly needed: Uint8Array;
  /** How many of them are not shown, but needed to decode what is. */
  readonly hidden: number;
}

/** The samples played, and before each part what decoding it needs, from the last place where it can begin. */
export const neededSamples = (
  { count, durations, offsets, sync }: Samples,
  played: readonly Times[],
  isSound: boolean,
): Needed => {
  if (played.length * count > MAX_COMPARED) throw doubtful("the file has too many edits");
  const shown = new Uint8Array(count);
  const needed = new Uint8Array(count);
  const starts = new Float64Array(count);
  let time = 0;
  for (let i = 0; i < count; i += 1) {
    starts[i] = time + (offsets?.[i] ?? 0);
    time += durations[i] ?? 0;
  }
  for (const [from, to] of played) {
    let first = -1;
    let last = -1;
    for (let i = 0; i < count; i += 1) {
      const start = starts[i] ?? 0;
      if (start >= to || start + Math.max(1, durations[i] ?? 0) <= from) continue;
      shown[i] = 1;
      if (first < 0) first = i;
      last = i;
    }
    if (first < 0) continue;
    let begin = first;
    if (isSound) begin = Math.max(0, first - SOUND_ROLL);
    else if (sync !== null) while (begin > 0 && sync[begin] !== 1) begin -= 1;
    // Players let the sound end a frame late; a fiftieth of a second tells nobody anything.
    needed.fill(1, begin, Math.min(count, last + (isSound ? 2 : 1)));
  }
  let hidden = 0;
  for (let i = 0; i < count; i += 1) if (needed[i] === 1 && shown[i] === 0) hidden += 1;
  return { needed, hidden };
};
