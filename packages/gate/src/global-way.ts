/**
 * Asking with hashes of whole pictures, windows and frames. All known ones are in one index, so a picture finds the video
 * it is a still of, and a frame of an upload finds a known picture. Those are single hashes that agree, within 31 bits.
 * Two videos are told by more: which frames agree is collected, and a judge decides.
 */
import type { HammingIndex } from "@recourse/match";
import { MATCH_RADIUS_BITS, type Signal } from "@recourse/protocol";
import { type Findings, scoreOfDistance } from "./found.ts";
import { framesOf, isAskable, type ItemsByNumber, type KnownHash } from "./held/held-item.ts";
import { type ComparedFrame, type FramePair, judgeByFrames, type JudgeFrames, type Spans } from "./judges.ts";
import { packHashes } from "./packed-hashes.ts";

type PictureSignal = Extract<Signal, { readonly type: "pdq" }>;
type FrameSignal = Extract<Signal, { readonly type: "vpdq" }>;

/** Queries the index takes at once. */
const BATCH = 512;
/** A picture near more items than this is a match all the same; a full answer takes some 10 MB. */
const PICTURE_VOTES = { maxItems: 1_024, maxPairs: 64 };
/** A still video has very many pairs; what a judge needs of them is where they begin. */
const FRAME_VOTES = { maxItems: 256, maxPairs: 512 };
/** Items whose frames are judged, those with most frames that agree. */
const JUDGED = 64;
/**
 * Frames of both sides, multiplied, that the judge is given in one answer; the strongest item is always. Comparing two
 * videos of 4,000 and 2,000 frames takes most of a second. Beyond it the plain rule decides, by the pairs alone.
 */
const JUDGED_WORK = 4_000_000;
const PAIRS_PER_ITEM = 4_096;
/** Times taken of one hash that a video shows again and again. */
const TIMES_PER_HASH = 8;

const batches = <T>(values: readonly T[]): readonly (readonly T[])[] =>
  values.length <= BATCH
    ? [values]
    : Array.from({ length: Math.ceil(values.length / BATCH) }, (_unused, at) =>
        values.slice(at * BATCH, (at + 1) * BATCH),
      );

const groupByValue = <S extends Signal>(signals: readonly S[]): readonly (readonly S[])[] => [
  ...Map.groupBy(signals, ({ value }) => value).values(),
];

const valuesOf = (groups: readonly (readonly Signal[])[]): string[] => groups.flatMap(([first]) => first?.value ?? []);

const pointsOf = (times: Iterable<number>): Spans => {
  const spans: [number, number][] = [];
  for (const seconds of [...new Set(times)].toSorted((a, b) => a - b)) {
    const last = spans.at(-1);
    // Frames are hashed about once a second: what is no farther apart is one stretch.
    if (last !== undefined && seconds - last[1] <= 2.2) last[1] = seconds;
    else spans.push([seconds, seconds]);
  }
  return spans;
};

/** The upload's frames in the judge's form; other hashes of the same time are windows of the frame. */
const comparedFrames = (signals: readonly FrameSignal[]): readonly ComparedFrame[] =>
  [...Map.groupBy(signals, ({ timestampMs }) => timestampMs).values()].flatMap((same) => {
    const frame = same.find(({ kind = "original" }) => kind === "original") ?? same[0];
    if (frame === undefined) return [];
    const windows = same.filter((other) => other !== frame).map(({ value, quality }) => ({ pdq: value, quality }));
    const compared = { timestampSec: frame.timestampMs / 1000, pdq: frame.value, quality: frame.quality };
    return [windows.length === 0 ? compared : { ...compared, windows }];
  });

/** What an upload's frames have in common with one item. */
interface Agreement {
  /** With frames of the item: each time of the upload. */
  readonly frameTimes: Set<number>;
  readonly pairs: FramePair[];
  nearestBits: number;
  /** With pictures of the item. */
  readonly pictureTimes: Set<number>;
  pictureBits: number;
  pictureKind: KnownHash["kind"];
}

const agreeWith = (
  agreement: Agreement,
  known: KnownHash,
  asked: readonly FrameSignal[],
  distanceBits: number,
): void => {
  const uploadSecs = asked.map(({ timestampMs }) => timestampMs / 1000);
  if (known.isPicture) {
    for (const seconds of uploadSecs) agreement.pictureTimes.add(seconds);
    if (distanceBits < agreement.pictureBits) {
      agreement.pictureBits = distanceBits;
      agreement.pictureKind = known.kind;
    }
  }
  if (known.timesMs.length === 0) return;
  agreement.nearestBits = Math.min(agreement.nearestBits, distanceBits);
  for (const seconds of uploadSecs) agreement.frameTimes.add(seconds);
  for (const uploadSec of uploadSecs.slice(0, TIMES_PER_HASH)) {
    for (const knownMs of known.timesMs.slice(0, TIMES_PER_HASH)) {
      if (agreement.pairs.length >= PAIRS_PER_ITEM) return;
      agreement.pairs.push({ uploadSec, knownSec: knownMs / 1000, distanceBits });
    }
  }
};

const findPictures = (
  index: HammingIndex,
  items: ItemsByNumber,
  signals: readonly PictureSignal[],
  findings: Findings,
): void => {
  for (const batch of batches([...new Set(signals.map(({ value }) => value))])) {
    for (const { id, pairs } of index.queryVotes(packHashes(batch), MATCH_RADIUS_BITS, PICTURE_VOTES).items) {
      for (const { ordinal, distanceBits } of pairs) {
        const known = items.get(id)?.hashes[ordinal];
        if (known === undefined) continue;
        const { kind, timesMs } = known;
        findings.offer(id, {
          signalType: "pdq",
          distanceBits,
          score: scoreOfDistance(distanceBits),
          ...(kind === undefined ? {} : { kind }),
          ...(timesMs.length === 0 ? {} : { seconds: { item: pointsOf(timesMs.map((ms) => ms / 1000)), upload: [] } }),
        });
      }
    }
  }
};

const findAgreements = (
  index: HammingIndex,
  items: ItemsByNumber,
  signals: readonly FrameSignal[],
): ReadonlyMap<number, Agreement> => {
  const agreements = new Map<number, Agreement>();
  for (const batch of batches(groupByValue(signals))) {
    const packed = packHashes(valuesOf(batch));
    for (const { id, pairs } of index.queryVotes(packed, MATCH_RADIUS_BITS, FRAME_VOTES).items) {
      const agreement = agreements.get(id) ?? {
        frameTimes: new Set(),
        pairs: [],
        nearestBits: Number.POSITIVE_INFINITY,
        pictureTimes: new Set(),
        pictureBits: Number.POSITIVE_INFINITY,
        pictureKind: undefined,
      };
      agreements.set(id, agreement);
      for (const { query, ordinal, distanceBits } of pairs) {
        const known = items.get(id)?.hashes[ordinal];
        if (known !== undefined) agreeWith(agreement, known, batch[query] ?? [], distanceBits);
      }
    }
  }
  return agreements;
};

/** Offers every item that the signals' pictures and frames find. PDQ of a quality below 50 asks nothing. */
export const findGlobal = (
  index: HammingIndex,
  items: ItemsByNumber,
  signals: readonly Signal[],
  judge: JudgeFrames,
  findings: Findings,
): void => {
  const pictures: PictureSignal[] = [];
  const frames: FrameSignal[] = [];
  for (const signal of signals) {
    if (!isAskable(signal)) continue;
    if (signal.type === "pdq") pictures.push(signal);
    else if (signal.type === "vpdq") frames.push(signal);
  }
  if (pictures.length > 0) findPictures(index, items, pictures, findings);
  if (frames.length === 0) return;

  const agreements = findAgreements(index, items, frames);
  for (const [id, { pictureTimes, pictureBits, pictureKind }] of agreements) {
    if (pictureTimes.size === 0) continue;
    findings.offer(id, {
      signalType: "vpdq",
      distanceBits: pictureBits,
      score: scoreOfDistance(pictureBits),
      frames: pictureTimes.size,
      seconds: { item: [], upload: pointsOf(pictureTimes) },
      ...(pictureKind === undefined ? {} : { kind: pictureKind }),
    });
  }
  const upload = comparedFrames(frames);
  const candidates = [...agreements]
    .filter(([, { frameTimes }]) => frameTimes.size > 0)
    .toSorted(([a, one], [b, other]) => other.frameTimes.size - one.frameTimes.size || a - b)
    .slice(0, JUDGED);
  let work = 0;
  for (const [id, { frameTimes, pairs, nearestBits }] of candidates) {
    const held = items.get(id)?.frames;
    if (held === undefined) continue;
    const agreeing = upload.filter(({ timestampSec }) => frameTimes.has(timestampSec));
    const chosen = work < JUDGED_WORK ? judge : judgeByFrames;
    work += upload.length * held.timesMs.length;
    const { match, score, seconds } = chosen({ pairs, agreeing, upload, known: () => framesOf(held) });
    if (!match) continue;
    findings.offer(id, {
      signalType: "vpdq",
      distanceBits: nearestBits,
      score,
      frames: frameTimes.size,
      seconds: seconds ?? {
        item: pointsOf(pairs.map(({ knownSec }) => knownSec)),
        upload: pointsOf(frameTimes),
      },
    });
  }
};
