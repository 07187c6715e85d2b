/** `recourse fingerprint FILE... [--set]` */
import {
  bankSet,
  everySecond,
  type Fingerprint,
  querySet,
  type VideoFingerprint,
  videoQuerySignals,
} from "@recourse/fingerprint";
import { cancellable } from "../cancel.ts";
import type { ExitStatus } from "../failure.ts";
import { findFiles } from "../find-files.ts";
import { readMedia } from "../read-media.ts";
import { reportUnread } from "../report-unread.ts";

export interface FingerprintOptions {
  /** What a bank holds and the local hashes too. */
  readonly set: boolean;
  readonly json: boolean;
}

interface HashLine {
  readonly kind: string;
  readonly pdq: string;
  readonly quality: number;
}

const asHash = ({ kind, value, quality }: { kind: string; value: string; quality: number }): HashLine => ({
  kind,
  pdq: value,
  quality,
});

/** A query looks at the windows without borders only; a fingerprint for both holds all. */
const queryOf = (found: Fingerprint): HashLine[] =>
  querySet({ ...found, windows: found.windows.filter(({ kind }) => kind === "trimmed") }).map(asHash);

const pictureLine = (file: string, found: Fingerprint, set: boolean) => {
  const { media, sizeBytes, sha256, md5, width, height, pdq, quality, dihedral, windows: _, local, ...more } = found;
  const head = { file, media, sizeBytes, sha256, md5, width, height, pdq, quality, dihedral, ...more };
  return {
    ...head,
    query: queryOf(found),
    ...(set && {
      set: bankSet(found).map(asHash),
      local: local?.bank ?? [],
      localQuery: local?.query ?? [],
    }),
  };
};

/** What a gate asks with; the same hash at several times is one. */
const videoQuery = (found: VideoFingerprint): HashLine[] => {
  const hashes = new Map<string, HashLine>();
  for (const signal of videoQuerySignals(found)) {
    if (signal.type === "vpdq" && !hashes.has(signal.value)) hashes.set(signal.value, asHash(signal));
  }
  return [...hashes.values()];
};

const videoLine = (file: string, found: VideoFingerprint, set: boolean) => {
  const { media, codec, sizeBytes, sha256, md5, width, height, durationSec, complete, frames } = found;
  const head = { file, media, codec, sizeBytes, sha256, md5, width, height, durationSec, complete };
  return {
    ...head,
    vpdq: everySecond(frames).map(({ frame, timestampSec, pdq, quality }) => ({ frame, timestampSec, pdq, quality })),
    query: videoQuery(found),
    ...(set && {
      localQuery: videoQuerySignals(found).flatMap(({ type, value }) => (type === "pdq-local" ? [value] : [])),
    }),
  };
};

const counted = (
  set: boolean,
  line: { query: unknown[]; set?: unknown[]; localQuery?: readonly unknown[] },
): string[] =>
  set
    ? [
        `  ${line.set?.length ?? 0} hashes in a bank, ${line.query.length} asked with, ${line.localQuery?.length ?? 0} local`,
      ]
    : [];

const pictureText = (file: string, found: Fingerprint, set: boolean): string =>
  [
    file,
    `  ${found.media}, ${found.width} x ${found.height}, ${found.sizeBytes} bytes`,
    `  pdq      ${found.pdq}  quality ${found.quality}`,
    `  md5      ${found.md5}`,
    `  sha256   ${found.sha256}`,
    ...(found.frames === undefined ? [] : [`  and ${found.frames.length} more distinct frames`]),
    ...counted(set, pictureLine(file, found, set)),
  ].join("\n");

const videoText = (file: string, found: VideoFingerprint): string =>
  [
    file,
    `  ${found.media}, ${found.codec}, ${found.width} x ${found.height}, ${found.sizeBytes} bytes`,
    `  ${found.durationSec.toFixed(1)} seconds${found.complete ? "" : " that could be read; the file has an end missing"}`,
    `  ${everySecond(found.frames).length} hashes, one a second; ${videoQuery(found).length} asked with`,
    `  md5      ${found.md5}`,
    `  sha256   ${found.sha256}`,
  ].join("\n");

/** Prints one JSON object a line, or a few lines of text, for each file. */
export const runFingerprint = (paths: readonly string[], { set, json }: FingerprintOptions): Promise<ExitStatus> =>
  cancellable(async (signal) => {
    let unread = 0;
    const reading = { purpose: set ? "both" : "query", stronger: set, signal, plainOutput: json } as const;
    await readMedia(await findFiles(paths), reading, (file, outcome) => {
      if (!outcome.ok) {
        unread += 1;
        reportUnread(file, outcome.code, json);
      } else if (outcome.media === "image") {
        const { fingerprint } = outcome;
        console.log(json ? JSON.stringify(pictureLine(file, fingerprint, set)) : pictureText(file, fingerprint, set));
      } else {
        const { fingerprint } = outcome;
        console.log(json ? JSON.stringify(videoLine(file, fingerprint, set)) : videoText(file, fingerprint));
      }
    });
    return unread === 0 ? 0 : 3;
  });
