/** What decides, once hashes agree, whether an item matches. The judges come in as arguments; these are the defaults. */
import { compareVideos, judgeVotes } from "@recourse/fingerprint";
import { MATCH_RADIUS_BITS } from "@recourse/protocol";

export interface Judgement {
  readonly match: boolean;
  /** 0 to 1. */
  readonly score: number;
}

/** What an upload's patches and an item's have in common. Patches that agree lie within 31 bits of each other. */
export interface LocalVotes {
  /** Different patches of the upload that were asked with; those on the list of furniture are not among them. */
  readonly asked: number;
  /** Patches the item holds, mirrored twins included. */
  readonly held: number;
  /** Different patches of the upload that agree with one of the item's. */
  readonly queryPatches: number;
  /** Different patches of the item that agree with one of the upload's. */
  readonly knownPatches: number;
  /** Patches of the upload that had no vote, since several unrelated items hold them. */
  readonly stoppedPatches: number;
  /** Of these, and of the upload's patches that are known furniture, about how many the item holds too. */
  readonly silenced: number;
  /** Between the nearest two that agree. */
  readonly nearestBits: number;
  /** How far the upload's lie apart, in 64ths of its longest side; left out where the check did not tell places. */
  readonly spread?: number;
  /** Whether two of the upload's are different shapes: what comes again within one picture is one witness. */
  readonly varied: boolean;
}
export type JudgeLocal = (votes: LocalVotes) => Judgement;

/** A frame of a video; the same form as the fingerprint package compares. */
export interface ComparedFrame {
  readonly timestampSec: number;
  /** 64 lower-case hex digits. */
  readonly pdq: string;
  readonly quality: number;
  /** Of the known video only: the frame with left and right swapped. */
  readonly mirrored?: string;
  /** Of the upload only: parts of the frame. */
  readonly windows?: readonly { readonly pdq: string; readonly quality: number }[];
}

export interface FramePair {
  readonly uploadSec: number;
  readonly knownSec: number;
  readonly distanceBits: number;
}

/** Stretches of a video in seconds, ascending. */
export type Spans = readonly (readonly [fromSec: number, toSec: number])[];

export interface FramesQuestion {
  /** Frames of both sides that agree, a bounded number of them. */
  readonly pairs: readonly FramePair[];
  /** Different frames of the upload (by time) that agree with one of the known video's; all of them. */
  readonly agreeing: readonly ComparedFrame[];
  readonly upload: readonly ComparedFrame[];
  /** The known video's frames; made when asked for. */
  readonly known: () => readonly ComparedFrame[];
}
export interface FramesJudgement extends Judgement {
  /** Where the same is seen on each side; left out, it is taken from the pairs. */
  readonly seconds?: { readonly item: Spans; readonly upload: Spans };
}
export type JudgeFrames = (question: FramesQuestion) => FramesJudgement;

/** Votes of different patches on both sides: docs/robustness has how many it takes, and why. */
export const judgeByVotes: JudgeLocal = (votes) => judgeVotes(votes);

/** As the fingerprint package compares two videos. */
export const judgeByComparison: JudgeFrames = ({ known, upload }) => {
  const { match, score, seconds } = compareVideos(known(), upload);
  return { match, score, ...(match && { seconds: { item: seconds.known, upload: seconds.suspect } }) };
};

const bitsBetween = (a: ComparedFrame, b: ComparedFrame): number => {
  const [left, right] = [Buffer.from(a.pdq, "hex"), Buffer.from(b.pdq, "hex")];
  let bits = 0;
  left.forEach((byte, at) => {
    for (let rest = byte ^ (right[at] ?? 0); rest !== 0; rest &= rest - 1) bits += 1;
  });
  return bits;
};

const farthest = (from: ComparedFrame, frames: readonly ComparedFrame[]): readonly [ComparedFrame, number] => {
  let best: readonly [ComparedFrame, number] = [from, 0];
  for (const frame of frames) {
    const bits = bitsBetween(from, frame);
    if (bits > best[1]) best = [frame, bits];
  }
  return best;
};

/** Uploads of so few frames need not show two different pictures. */
const SHORT_FRAMES = 3;

/**
 * Two frames that agree and are farther than 31 bits from each other: one picture that many videos share, a title or a
 * logo, ties no two together. Or all frames of a very short upload.
 */
export const judgeByFrames: JudgeFrames = ({ agreeing, upload }) => {
  const [first] = agreeing;
  if (first === undefined) return { match: false, score: 0 };
  const score = 0.4 + 0.6 * Math.min(1, agreeing.length / upload.length);
  if (upload.length <= SHORT_FRAMES && agreeing.length === upload.length) return { match: true, score };
  const [other] = farthest(first, agreeing);
  const [, bits] = farthest(other, agreeing);
  return bits > MATCH_RADIUS_BITS ? { match: true, score } : { match: false, score: 0 };
};
