/** From a file's bytes to its fingerprint, in Node. */
import { createHash } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import { createFrameKeeper } from "../frames.ts";
import { hashPicture, lookCloser } from "../hash-picture.ts";
import type { Header } from "../headers/header.ts";
import { readHeader } from "../headers/read-header.ts";
import { DEFAULT_LIMITS, type Limits, overLimit } from "../limits.ts";
import type { Fingerprint, FingerprintOutcome, Wanted } from "../types.ts";
import { decodeInThread } from "./decode-thread.ts";
import { type Decoded, decodeWithSharp } from "./decode-sharp.ts";
import { FingerprintFailure } from "../failure.ts";

export interface FingerprintOptions extends Wanted {
  /** What is read at most; what is left out is as in DEFAULT_LIMITS. */
  readonly limits?: Partial<Limits>;
  /** Stops the work: the outcome is then `cancelled`. */
  readonly signal?: AbortSignal;
}

/** Digests of the file's bytes, lower-case hex. */
export interface Digests {
  readonly md5: string;
  readonly sha256: string;
}

/** The limits an option asks for. */
export const limitsOf = (options: FingerprintOptions): Limits => ({ ...DEFAULT_LIMITS, ...options.limits });

/** Bytes digested before other work of the process gets its turn. */
const DIGEST_CHUNK_BYTES = 1024 * 1024;

/**
 * Fingerprints a file that is in memory. `bytes` is only read, and must not change until the outcome is there.
 * Never rejects because of what the bytes are: every such end has a code.
 */
export async function fingerprintBytes(
  bytes: Uint8Array,
  options: FingerprintOptions = {},
): Promise<FingerprintOutcome> {
  return outcomeOf(async () => {
    if (bytes.length > limitsOf(options).bytes) throw new FingerprintFailure("file_too_large");
    return fingerprintOf(bytes, options, () => digestsOf(bytes, options.signal));
  });
}

/** Turns a failure into its outcome; anything else is a defect and is thrown on. */
export async function outcomeOf(run: () => Promise<Fingerprint>): Promise<FingerprintOutcome> {
  try {
    return { ok: true, fingerprint: await run() };
  } catch (error) {
    if (error instanceof FingerprintFailure) return { ok: false, code: error.code };
    throw error;
  }
}

/** The fingerprint of bytes within the size limit; throws FingerprintFailure. */
export async function fingerprintOf(
  bytes: Uint8Array,
  options: FingerprintOptions,
  digests: () => Promise<Digests>,
): Promise<Fingerprint> {
  const limits = limitsOf(options);
  throwIfAborted(options.signal);
  const read = readHeader(bytes);
  if (!read.ok) throw new FingerprintFailure(read.code);
  const over = overLimit(read.header, limits);
  if (over !== null) throw new FingerprintFailure(over);

  const decoded = await decode(bytes, read.header, limits, options);
  throwIfAborted(options.signal);
  const { asIs, flattened } = hashPicture(decoded.picture, decoded.orientation);
  const closer = lookCloser(decoded.picture, decoded.orientation, decoded.width / decoded.height, options);
  const keeper = createFrameKeeper(asIs);
  for await (const { index, picture } of decoded.laterFrames) {
    throwIfAborted(options.signal);
    if (!keeper.offer(index, hashPicture(picture, decoded.orientation).asIs)) break;
  }
  const { md5, sha256 } = await digests();
  return {
    media: read.header.media,
    sizeBytes: bytes.length,
    sha256,
    md5,
    width: decoded.width,
    height: decoded.height,
    ...asIs,
    ...closer,
    ...(flattened === null ? {} : { flattened }),
    ...(keeper.kept.length === 0 ? {} : { frames: keeper.kept }),
  };
}

async function decode(
  bytes: Uint8Array,
  header: Header,
  limits: Limits,
  { stronger = false, signal }: FingerprintOptions,
): Promise<Decoded> {
  const { format } = header;
  if (format !== "heic" && format !== "bmp") return decodeWithSharp(bytes, header, limits, stronger);
  const task = { format, bytes, maxPixels: limits.pixels, withLocal: stronger };
  const { width, height, picture } = await decodeInThread(task, limits.timeoutMs, signal);
  return { width, height, picture, orientation: 1, laterFrames: noFrames() };
}

async function* noFrames(): AsyncGenerator<never> {}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new FingerprintFailure("cancelled");
}

async function digestsOf(bytes: Uint8Array, signal: AbortSignal | undefined): Promise<Digests> {
  const md5 = createHash("md5");
  const sha256 = createHash("sha256");
  for (let at = 0; at < bytes.length; at += DIGEST_CHUNK_BYTES) {
    if (at > 0) await nextTurn();
    throwIfAborted(signal);
    const chunk = bytes.subarray(at, at + DIGEST_CHUNK_BYTES);
    md5.update(chunk);
    sha256.update(chunk);
  }
  return { md5: md5.digest("hex"), sha256: sha256.digest("hex") };
}
