/** `recourse compare KNOWN SUSPECT`: whether two files show the same. Nothing leaves this machine. */
import {
  comparePictures,
  comparePictureWithVideo,
  compareVideoFingerprints,
  compareVideos,
  type VideoFingerprint,
} from "@recourse/fingerprint";
import { cancellable } from "../cancel.ts";
import { CommandFailure, type ExitStatus } from "../failure.ts";
import { STDIN } from "../find-files.ts";
import { startProgress } from "../progress.ts";
import { type MediaOutcome, readOne } from "../read-media.ts";
import { reportUnread } from "../report-unread.ts";

type Found = Extract<MediaOutcome, { ok: true }>;
type Span = readonly [fromSec: number, toSec: number];

interface Comparison {
  readonly match: boolean;
  /** The way that found it, or that came nearest. */
  readonly by: "sha256" | "pdq" | "pdq-local" | "vpdq";
  /** Of two pictures: bits of 256 between their nearest hashes. */
  readonly distance?: number;
  /** Of two pictures: what of the known one came nearest. */
  readonly kind?: string;
  readonly votes: number;
  readonly score: number;
  /** Of videos: where the same is seen, on each side's own clock; a picture's side is empty. */
  readonly seconds?: { readonly known: readonly Span[]; readonly suspect: readonly Span[] };
}

/** The known video may be the changed one, in which nothing is looked for mirrored: so the other way round too. */
const compareTwoVideos = (known: VideoFingerprint, suspect: VideoFingerprint): Comparison => {
  const found = compareVideoFingerprints(known, suspect);
  if (found.match) return found;
  const back = compareVideos(suspect.frames, known.frames);
  if (!back.match) return found;
  const seconds = { known: back.seconds.suspect, suspect: back.seconds.known };
  return { match: true, by: "vpdq", votes: found.votes, score: back.score, seconds };
};

const compareFound = (known: Found, suspect: Found): Comparison => {
  if (known.media === "image" && suspect.media === "image") {
    const { distance, kind, ...found } = comparePictures(known.fingerprint, suspect.fingerprint);
    return { ...found, ...(distance !== null && { distance }), ...(kind !== null && { kind }) };
  }
  if (known.media === "image") {
    // The cast: of two pictures it was spoken above.
    return comparePictureWithVideo(known.fingerprint, suspect.fingerprint as VideoFingerprint, "picture");
  }
  return suspect.media === "image"
    ? comparePictureWithVideo(suspect.fingerprint, known.fingerprint, "video")
    : compareTwoVideos(known.fingerprint, suspect.fingerprint);
};

const clock = (sec: number): string =>
  `${Math.floor(sec / 60)}:${String(Math.floor(sec) % 60).padStart(2, "0")}.${Math.floor((sec % 1) * 10)}`;

/** The first few places, as a person reads them. */
const places = (spans: readonly Span[]): string => {
  const [first, ...rest] = spans;
  if (first === undefined) return "";
  const more = rest.length === 0 ? "" : ` and ${rest.length} more`;
  return (first[0] === first[1] ? `at ${clock(first[0])}` : `from ${clock(first[0])} to ${clock(first[1])}`) + more;
};

const waysFound = ({ by, distance, kind, votes }: Comparison): string => {
  switch (by) {
    case "sha256":
      return "They are the same file, byte for byte";
    case "pdq":
      return kind === undefined || kind === "original"
        ? `Their hashes differ in ${distance ?? "?"} of 256 bits`
        : `A hash of the suspect and one of the known (${kind}) differ in ${distance ?? "?"} of 256 bits`;
    case "pdq-local":
      return `${votes} patches agree, which is how a cropped or turned copy is found`;
    case "vpdq":
      return "Hashes of frames agree";
  }
};

const asText = (found: Comparison): string => {
  const score = `score ${found.score.toFixed(2)}`;
  if (!found.match) {
    const bits = found.distance === undefined ? "" : `the nearest hashes differ in ${found.distance} of 256 bits, `;
    return `No match: ${bits}${found.votes} patches agree (${score}).`;
  }
  const { known = [], suspect = [] } = found.seconds ?? {};
  const where = [
    ...(known.length === 0 ? [] : [`in the known ${places(known)}`]),
    ...(suspect.length === 0 ? [] : [`in the suspect ${places(suspect)}`]),
  ];
  return `Match: ${waysFound(found)} (${score}).${where.length === 0 ? "" : ` The same is seen ${where.join(", ")}.`}`;
};

/** Exit status: 0 when they match, 1 when not, 3 when one could not be read. */
export const runCompare = (known: string, suspect: string, json: boolean): Promise<ExitStatus> => {
  if (known === STDIN && suspect === STDIN) throw new CommandFailure("usage", 2, "only one can be standard input");
  return cancellable(async (signal) => {
    const progress = startProgress(json && process.stdout.isTTY ? 0 : 2);
    const read = async (index: number, file: string, purpose: "bank" | "query"): Promise<MediaOutcome> => {
      const outcome = await readOne(file, { purpose, stronger: true, signal }, (part) => progress.within(index, part));
      progress.step(index);
      return outcome;
    };
    const [ours, theirs] = await Promise.all([read(0, known, "bank"), read(1, suspect, "query")]);
    progress.clear();
    if (signal.aborted) return 3;
    if (ours.ok && theirs.ok) {
      const found = compareFound(ours, theirs);
      console.log(json ? JSON.stringify(found) : asText(found));
      return found.match ? 0 : 1;
    }
    if (!ours.ok) reportUnread(known, ours.code, json);
    if (!theirs.ok) reportUnread(suspect, theirs.code, json);
    return 3;
  });
};
