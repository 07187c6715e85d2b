/** One file at a time: looks into it, or writes a clean copy and looks into that. Nothing leaves the device. */
import { blobSource, findHidden, inspect, picturesToPdf, type Source, strip } from "@recourse/scrub";
import { BlobSink } from "./blob-sink.ts";
import { comparePixels } from "./compare-pixels.ts";
import type { CleanCopy, CleanFailure, CleanTask, Inspected, WorkerAnswer } from "./worker-messages.ts";

const answer = (message: WorkerAnswer): void => self.postMessage(message);

const PROGRESS_MS = 80;

/** Tells how far it is, now and then; also a sign of life. */
const createMeter = (): ((fraction: number) => void) => {
  let last = 0;
  return (fraction) => {
    const now = performance.now();
    if (now - last < PROGRESS_MS) return;
    last = now;
    answer({ kind: "progress", fraction: Math.min(1, Math.max(0, fraction)) });
  };
};

/** A source that says how far into the file it was read. */
const watched = (blob: Blob, onRead: (fraction: number) => void): Source => {
  const source = blobSource(blob);
  return {
    sizeBytes: source.sizeBytes,
    read(offset, length) {
      onRead(offset / Math.max(1, source.sizeBytes));
      return source.read(offset, length);
    },
  };
};

/** Blobs whose file is gone or changed throw these (File API, 9). */
const isGone = (error: unknown): boolean =>
  error instanceof DOMException && ["NotFoundError", "NotReadableError", "SecurityError"].includes(error.name);

const look = async (file: Blob): Promise<Inspected | CleanFailure> => {
  const source = watched(file, createMeter());
  const report = await inspect(source);
  if (!report.ok) return { ok: false, code: report.code };
  return { ok: true, report, hidden: await findHidden(source, report) };
};

/** What was written is read again from where it lies: this is the very file that is offered. */
const isClean = async (copy: Blob): Promise<boolean> => {
  const again = await inspect(blobSource(copy));
  return again.ok && again.findings.length === 0 && again.trailingBytes === 0;
};

/** A PDF can't be cleaned, so its pages are drawn, and a PDF is made of the pictures. What draws is loaded only now. */
const drawn = async (file: Blob): Promise<CleanCopy | CleanFailure> => {
  const { drawPages, DrawingFailed } = await import("./pdf/draw-pages.ts");
  const sink = new BlobSink();
  try {
    const onPage = (done: number, all: number): void => answer({ kind: "progress", fraction: done / all });
    const made = await picturesToPdf(drawPages(file, onPage), sink);
    if (!made.ok) return { ok: false, code: made.code };
    const copy = sink.finish("pdf");
    if (!(await isClean(copy))) return { ok: false, code: "scrub_incomplete" };
    const report = { ok: true, format: "pdf", removed: [], kept: [], sizeBytes: made.sizeBytes } as const;
    return { ok: true, report, file: copy, crc32: sink.crc32, pixels: "not_compared", drawnPages: made.pages, left: 0 };
  } catch (error) {
    if (error instanceof DrawingFailed) return { ok: false, code: error.code };
    throw error;
  }
};

const clean = async (file: Blob): Promise<CleanCopy | CleanFailure> => {
  const meter = createMeter();
  const sink = new BlobSink();
  // Reading is the first half of the bar, writing the second.
  const report = await strip(
    watched(file, (fraction) => meter(fraction / 2)),
    sink,
    { onProgress: (fraction) => meter(0.5 + fraction / 2) },
  );
  if (!report.ok)
    return report.format === "pdf" && report.code === "scrub_unsupported"
      ? drawn(file)
      : { ok: false, code: report.code };
  const copy = sink.finish(report.format);
  if (!(await isClean(copy))) return { ok: false, code: "scrub_incomplete" };
  return { ok: true, report, file: copy, crc32: sink.crc32, pixels: await comparePixels(file, copy), left: 0 };
};

const failure = (error: unknown): CleanFailure => {
  if (isGone(error)) return { ok: false, code: "file_unreadable" };
  // A mistake of ours: the file is refused, and nothing of it is told.
  return { ok: false, code: "scrub_doubtful" };
};

self.onmessage = async ({ data: { work, file } }: MessageEvent<CleanTask>) => {
  if (work === "inspect") answer({ kind: "inspected", outcome: await look(file).catch(failure) });
  else answer({ kind: "cleaned", outcome: await clean(file).catch(failure) });
};
