/** From the bytes of an upload to the signals a gate asks with. */
import { createHash } from "node:crypto";
import { isVideoFile, querySignals, videoQuerySignals } from "@recourse/fingerprint";
import { createFingerprintPool, fingerprintVideoBytes } from "@recourse/fingerprint/node";
import { type ErrorCode, MIN_PDQ_QUALITY, type AskedSignal } from "@recourse/protocol";

export type Upload =
  | {
      readonly ok: true;
      readonly signals: readonly AskedSignal[];
      /** A code that says why less can be found than in another file. */
      readonly reason?: ErrorCode;
    }
  /** What can't be decoded here may still be, byte for byte, what someone else could decode: its digests. */
  | { readonly ok: false; readonly signals: readonly AskedSignal[]; readonly reason: ErrorCode };

export interface UploadReader {
  /** Never rejects because of what the bytes are. */
  read(bytes: Uint8Array): Promise<Upload>;
  close(): Promise<void>;
}

export interface UploadReaderOptions {
  /** Largest file that is read. */
  readonly maxFileBytes?: number | undefined;
  /** Local hashes are made too: for a gate that asks with them. */
  readonly stronger: boolean;
}

const exactSignals = (bytes: Uint8Array): AskedSignal[] =>
  bytes.length === 0
    ? []
    : (["md5", "sha256"] as const).map((type) => ({ type, value: createHash(type).update(bytes).digest("hex") }));

/** Videos are read one after the other: each takes a process of its own and up to a processor's thread. */
const createTurns = () => {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(run: () => Promise<T>): Promise<T> => {
    const turn = last.then(run);
    last = turn.catch(() => undefined);
    return turn;
  };
};

/** Reads pictures in threads and videos in processes of their own. */
export const createUploadReader = ({ maxFileBytes, stronger }: UploadReaderOptions): UploadReader => {
  const limits = maxFileBytes === undefined ? {} : { limits: { bytes: maxFileBytes } };
  const pool = createFingerprintPool({ ...limits, purpose: "query", stronger });
  const stopping = new AbortController();
  const inTurn = createTurns();

  const readVideo = async (bytes: Uint8Array): Promise<Upload> => {
    const outcome = await inTurn(() =>
      fingerprintVideoBytes(bytes, { ...limits, purpose: "query", stronger, signal: stopping.signal }),
    );
    if (!outcome.ok) return { ok: false, signals: exactSignals(bytes), reason: outcome.code };
    const { fingerprint } = outcome;
    const signals = videoQuerySignals(fingerprint);
    if (!signals.some(({ type }) => type === "vpdq")) return { ok: true, signals, reason: "picture_too_plain" };
    return fingerprint.complete ? { ok: true, signals } : { ok: true, signals, reason: "video_damaged" };
  };

  return {
    async read(bytes) {
      if (isVideoFile(bytes)) return readVideo(bytes);
      const outcome = await pool.fingerprint(bytes);
      if (!outcome.ok) return { ok: false, signals: exactSignals(bytes), reason: outcome.code };
      const { fingerprint } = outcome;
      const signals = querySignals(fingerprint);
      return fingerprint.quality < MIN_PDQ_QUALITY
        ? { ok: true, signals, reason: "picture_too_plain" }
        : { ok: true, signals };
    },
    async close() {
      stopping.abort();
      await pool.close();
    },
  };
};
