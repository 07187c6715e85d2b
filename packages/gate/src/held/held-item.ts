/** What the replica keeps of an item beside the entries of its indexes. */
import { type FeedEntry, itemChecksum } from "@recourse/bank";
import {
  countSignals,
  MIN_PDQ_QUALITY,
  type Signal,
  type SignalCounts,
  type SignalKind,
  type VpdqKind,
} from "@recourse/protocol";
import type { ComparedFrame } from "../judges.ts";
import { HASH_BYTES, packHashes } from "../packed-hashes.ts";
import { type Sketch, sketchOf } from "../sketch.ts";

/** A known hash of a whole picture, a window or a frame. Its number in the item is the index's ordinal. */
export interface KnownHash {
  /** Set if it is of a picture. */
  readonly isPicture: boolean;
  readonly kind: SignalKind | VpdqKind | undefined;
  /** Of a video's frame: each time it is seen, in milliseconds; empty for a picture. */
  readonly timesMs: readonly number[];
}

/** A known video's frames, as little as they can be kept in. */
interface HeldFrames {
  readonly hashes: Uint8Array;
  readonly timesMs: Uint32Array;
  readonly qualities: Uint8Array;
  readonly mirrored: Uint8Array;
}

export interface HeldItem {
  readonly itemId: string;
  readonly bank: string;
  /** Its part of the checksum. */
  readonly checksum: string;
  /** `type:value` of its exact signals. */
  readonly exact: readonly string[];
  readonly counts: SignalCounts;
  /** By ordinal. Items of pictures alike share these. */
  readonly hashes: readonly KnownHash[];
  /** Patches of the item. */
  readonly patches: number;
  readonly sketch: Sketch;
  readonly frames: HeldFrames | undefined;
}

/** Where items are looked up. */
export interface ItemsByNumber {
  get(number: number): HeldItem | undefined;
}

/** An item, and what of it goes into the indexes: packed hashes, in the order of their ordinals. */
export interface ReadItem {
  readonly item: HeldItem;
  readonly globalHashes: Uint8Array;
  readonly localHashes: Uint8Array;
}

/** PDQ below the quality that means anything is neither held nor asked for. */
export const isAskable = (signal: Signal): boolean =>
  (signal.type !== "pdq" && signal.type !== "vpdq") ||
  signal.quality === undefined ||
  signal.quality >= MIN_PDQ_QUALITY;

type FrameSignal = Extract<Signal, { readonly type: "vpdq" }>;

const holdFrames = (frames: readonly FrameSignal[]): HeldFrames | undefined =>
  frames.length === 0
    ? undefined
    : {
        hashes: packHashes(frames.map(({ value }) => value)),
        timesMs: Uint32Array.from(frames, ({ timestampMs }) => timestampMs),
        qualities: Uint8Array.from(frames, ({ quality }) => quality),
        mirrored: Uint8Array.from(frames, ({ kind }) => (kind === "flipY" ? 1 : 0)),
      };

/** One object for each kind of picture hash there is, about a hundred of them. */
const pictureHashes = new Map<KnownHash["kind"], KnownHash>();
const pictureHash = (kind: KnownHash["kind"]): KnownHash => {
  const known = pictureHashes.get(kind) ?? { isPicture: true, kind, timesMs: [] };
  pictureHashes.set(kind, known);
  return known;
};

export const knownHash = (isPicture: boolean, kind: KnownHash["kind"], timesMs: readonly number[]): KnownHash =>
  isPicture && timesMs.length === 0 ? pictureHash(kind) : { isPicture, kind, timesMs };

export const readItem = (entry: FeedEntry): ReadItem => {
  const signals = entry.signals.filter(isAskable);
  const global = new Map<string, KnownHash>();
  /** The arrays behind the `timesMs` of frames: a still video has thousands of one hash. */
  const times = new Map<string, number[]>();
  const local = new Set<string>();
  const exact: string[] = [];
  const frames: FrameSignal[] = [];
  const takeFrame = ({ value, kind, timestampMs }: FrameSignal, known: KnownHash | undefined): void => {
    const timesMs = times.get(value) ?? [];
    timesMs.push(timestampMs);
    if (timesMs.length > 1) return;
    times.set(value, timesMs);
    global.set(value, { isPicture: known?.isPicture ?? false, kind: known?.kind ?? kind, timesMs });
  };
  for (const signal of signals) {
    const { value } = signal;
    const known = global.get(value);
    switch (signal.type) {
      case "md5":
      case "sha256":
        exact.push(`${signal.type}:${value}`);
        break;
      case "pdq":
        global.set(value, known === undefined ? pictureHash(signal.kind) : { ...known, isPicture: true });
        break;
      case "vpdq":
        frames.push(signal);
        takeFrame(signal, known);
        break;
      case "pdq-local":
        local.add(value);
        break;
    }
  }
  const localHashes = packHashes([...local]);
  return {
    item: {
      itemId: entry.itemId,
      bank: entry.bank,
      checksum: itemChecksum(entry.itemId, entry.signals),
      exact,
      counts: countSignals(signals),
      hashes: [...global.values()],
      patches: local.size,
      sketch: sketchOf(localHashes),
      frames: holdFrames(frames),
    },
    globalHashes: packHashes([...global.keys()]),
    localHashes,
  };
};

/** The frames of a known video as a judge compares them: a frame and its mirrored twin are one. */
export const framesOf = (frames: HeldFrames): readonly ComparedFrame[] => {
  const hex = Buffer.from(frames.hashes.buffer, frames.hashes.byteOffset, frames.hashes.byteLength).toString("hex");
  const digits = 2 * HASH_BYTES;
  const valueAt = (at: number): string => hex.slice(at * digits, (at + 1) * digits);
  const twins = new Map<number, string>();
  frames.timesMs.forEach((timeMs, at) => {
    if (frames.mirrored[at] === 1) twins.set(timeMs, valueAt(at));
  });
  const compared: ComparedFrame[] = [];
  frames.timesMs.forEach((timeMs, at) => {
    if (frames.mirrored[at] === 1) return;
    const mirrored = twins.get(timeMs);
    compared.push({
      timestampSec: timeMs / 1000,
      pdq: valueAt(at),
      quality: frames.qualities[at] ?? 0,
      ...(mirrored === undefined ? {} : { mirrored }),
    });
  });
  return compared;
};
