/** The page's worker: takes a file, answers its fingerprint. One task at a time; the page sees to that. */
import { createFrameKeeper } from "../frames.ts";
import { hashPicture, lookCloser } from "../hash-picture.ts";
import { isComplete } from "../headers/complete.ts";
import { readHeader } from "../headers/read-header.ts";
import { overLimit } from "../limits.ts";
import type { Fingerprint, FingerprintOutcome } from "../types.ts";
import { decodeLaterFrames, decodePicture } from "./decode.ts";
import { digestsOf } from "./digests.ts";
import { FingerprintFailure } from "../failure.ts";
import type { FingerprintTask, WorkerMessage } from "./messages.ts";

/** The part of a worker's global scope that is used; the DOM's own types describe a page's. */
interface WorkerScope {
  addEventListener(type: "message", listener: (event: MessageEvent<FingerprintTask>) => void): void;
  postMessage(message: WorkerMessage): void;
}
const scope = globalThis as unknown as WorkerScope;

/** Shares of the work in the progress shown: reading the file, then decoding, then reading pixels and frames. */
const READ_SHARE = 0.3;
const DECODED_AT = 0.6;

scope.addEventListener("message", ({ data: task }) => {
  void fingerprintOf(task).then(
    (fingerprint) => done({ ok: true, fingerprint }),
    (error: unknown) => {
      if (error instanceof FingerprintFailure) return done({ ok: false, code: error.code });
      // Memory that could not be had, mostly: the decoder gave up on this picture.
      done({ ok: false, code: "image_damaged" });
    },
  );
});

const done = (outcome: FingerprintOutcome): void => scope.postMessage({ type: "done", outcome });
const progress = (fraction: number): void => scope.postMessage({ type: "progress", fraction });

async function fingerprintOf({ file, limits, wanted }: FingerprintTask): Promise<Fingerprint> {
  progress(0);
  if (file.size === 0) throw new FingerprintFailure("empty_file");
  if (file.size > limits.bytes) throw new FingerprintFailure("file_too_large");
  const bytes = new Uint8Array(
    await file.arrayBuffer().catch((error: unknown) => {
      throw new FingerprintFailure("file_unreadable", error);
    }),
  );
  const read = readHeader(bytes);
  if (!read.ok) throw new FingerprintFailure(read.code);
  const { header } = read;
  const over = overLimit(header, limits);
  if (over !== null) throw new FingerprintFailure(over);
  if (!isComplete(bytes, header.format)) throw new FingerprintFailure("image_damaged");

  const { md5, sha256 } = await digestsOf(file, (bytesDone) => progress((bytesDone / file.size) * READ_SHARE));
  const { width, height, orientation, picture } = await decodePicture(
    file,
    bytes,
    header,
    limits,
    wanted.stronger ?? false,
    (fraction) => progress(DECODED_AT + fraction * (1 - DECODED_AT) * (header.frames > 1 ? 0.1 : 0.9)),
  );
  const { asIs, flattened } = hashPicture(picture, orientation);
  const closer = lookCloser(picture, orientation, width / height, wanted);
  const keeper = createFrameKeeper(asIs);
  let last = 0;
  for await (const { index, picture: later } of decodeLaterFrames(bytes, header)) {
    last = index;
    progress(Math.min(0.99, DECODED_AT + (last / header.frames) * (1 - DECODED_AT)));
    if (!keeper.offer(index, hashPicture(later, 1).asIs)) break;
  }
  return {
    media: header.media,
    sizeBytes: file.size,
    sha256,
    md5,
    width,
    height,
    ...asIs,
    ...closer,
    ...(flattened === null ? {} : { flattened }),
    ...(keeper.kept.length === 0 ? {} : { frames: keeper.kept }),
  };
}
