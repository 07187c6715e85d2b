/**
 * A stream of lines into a catalogue: read no faster than it is written down, with bounded memory whatever comes. Lines
 * go in batches; while one is written, the next is read, and no further.
 */
import { setTimeout as sleep } from "node:timers/promises";
import {
  CATALOGUE_LIMITS,
  type CatalogueEntry,
  type CatalogueStreamAnswer,
  type ErrorCode,
  isErrorCode,
  readCatalogueLine,
} from "@recourse/protocol";
import type { Catalogue } from "./catalogue.ts";
import { createLineReader } from "./read-lines.ts";

export interface StreamOptions {
  readonly catalogue: Pick<Catalogue, "write">;
  readonly partnerId: number;
  readonly input: AsyncIterable<Buffer>;
  /** Lines that were dealt with in an earlier stream: the first line of this one is the next. */
  readonly from?: number;
  /** Under which the number of lines is remembered, for a sender that is cut off. */
  readonly uploadId?: string | undefined;
  /** How long nothing may come. */
  readonly stallMs?: number;
}

const STALL_MS = 20_000;
/** Lines in one transaction, and bytes of them: what a batch costs is then mostly its lines, not its commit. */
const BATCH_LINES = 8_192;
const BATCH_BYTES = 2 * 1024 * 1024;

interface Batch {
  readonly entries: CatalogueEntry[];
  /** The line of each entry. */
  readonly lines: number[];
  bytes: number;
}

const newBatch = (): Batch => ({ entries: [], lines: [], bytes: 0 });

const codeOf = (error: unknown): ErrorCode | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "string" && isErrorCode(error.code)
    ? error.code
    : undefined;

/** The next piece, undefined at the end, or "stalled" when none comes in time. */
const nextPiece = async (pieces: AsyncIterator<Buffer>, stallMs: number): Promise<Buffer | undefined | "stalled"> => {
  const waiting = new AbortController();
  const next = pieces.next();
  // When time is up first, what becomes of it is of no interest any more.
  next.catch(() => {});
  try {
    const late = sleep(stallMs, "stalled" as const, { signal: waiting.signal }).catch(() => "stalled" as const);
    const first = await Promise.race([next, late]);
    if (first === "stalled") return first;
    return first.done === true ? undefined : first.value;
  } finally {
    waiting.abort();
  }
};

/**
 * Reads the stream to its end, or to where it is stopped, which `stopped` then says. Everything up to the line `lines` is
 * dealt with for good. Throws what the stream fails with, after writing down the whole lines that came.
 */
export const registerStream = async (options: StreamOptions): Promise<CatalogueStreamAnswer> => {
  const { catalogue, partnerId, from = 0, uploadId, stallMs = STALL_MS } = options;
  const counts = { added: 0, unchanged: 0, removed: 0, absent: 0 };
  const refused: { readonly line: number; readonly code: ErrorCode }[] = [];
  let line = from;
  let batch = newBatch();
  let stopped: ErrorCode | undefined;
  /** The last line that is dealt with for good. */
  let kept = from;
  let writing: Promise<void> = Promise.resolve();
  /** Set once a batch could not be written: nothing may be kept behind it. */
  let isBroken = false;
  let failure: unknown;

  const refuse = (at: number, code: ErrorCode): void => {
    refused.push({ line: at, code });
    if (refused.length >= CATALOGUE_LIMITS.refusedPerStream) stopped ??= "too_many_refused";
  };

  /** Never rejects. */
  const write = async ({ entries, lines }: Batch, upTo: number): Promise<void> => {
    const upload = uploadId === undefined ? undefined : { id: uploadId, lines: upTo };
    if (entries.length === 0 && upload === undefined) {
      kept = upTo;
      return;
    }
    try {
      const outcomes = await catalogue.write(partnerId, entries, upload);
      outcomes.forEach((outcome, at) => {
        if (outcome === "conflict") refuse(lines[at] ?? 0, "content_conflict");
        else counts[outcome] += 1;
      });
      kept = upTo;
    } catch (error) {
      isBroken = true;
      const code = codeOf(error);
      stopped = code ?? "internal";
      if (code === undefined) failure = error;
    }
  };

  /** Resolves once the batch before is written; this one is then on its way. */
  const flush = async (): Promise<void> => {
    await writing;
    if (isBroken) return;
    const full = batch;
    batch = newBatch();
    writing = write(full, line);
  };

  const reader = createLineReader(CATALOGUE_LIMITS.lineBytes, (text) => {
    if (stopped !== undefined) return;
    if (line - from >= CATALOGUE_LIMITS.linesPerStream) {
      stopped = "stream_too_long";
      return;
    }
    line += 1;
    if (text === "") return;
    if (text === undefined) {
      refuse(line, "line_too_long");
      return;
    }
    const outcome = readCatalogueLine(text);
    if (!outcome.ok) {
      refuse(line, outcome.code);
      return;
    }
    batch.entries.push(outcome.entry);
    batch.lines.push(line);
    batch.bytes += text.length;
  });

  const pieces = options.input[Symbol.asyncIterator]();
  try {
    for (;;) {
      const piece = await nextPiece(pieces, stallMs);
      if (piece === "stalled") {
        stopped ??= "stream_stalled";
        break;
      }
      if (piece === undefined) {
        reader.end();
        break;
      }
      reader.take(piece);
      if (batch.lines.length >= BATCH_LINES || batch.bytes >= BATCH_BYTES) await flush();
      if (stopped !== undefined) break;
    }
  } catch (error) {
    failure ??= error;
  }
  await flush();
  await writing;
  if (failure !== undefined) throw failure;
  return {
    lines: kept,
    ...counts,
    ...(stopped === undefined ? {} : { stopped }),
    // In order, and none that will come again with what is sent next.
    refused: refused.filter((each) => each.line <= kept).toSorted((a, b) => a.line - b.line),
  };
};
