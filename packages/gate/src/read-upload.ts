/** From the bytes of an upload to the signals a gate asks with. */
import { createHash } from "node:crypto";
import { querySignals } from "@recourse/fingerprint";
import { createFingerprintPool } from "@recourse/fingerprint/node";
import { type ErrorCode, MIN_PDQ_QUALITY, type Signal } from "@recourse/protocol";

export type Upload =
  | {
      readonly ok: true;
      readonly signals: readonly Signal[];
      /** A code that says why less can be found than in another file. */
      readonly reason?: ErrorCode;
    }
  /** What can't be decoded here may still be, byte for byte, what someone else could decode: its digests. */
  | { readonly ok: false; readonly signals: readonly Signal[]; readonly reason: ErrorCode };

export interface UploadReader {
  /** Never rejects because of what the bytes are. */
  read(bytes: Uint8Array): Promise<Upload>;
  close(): Promise<void>;
}

const exactSignals = (bytes: Uint8Array): Signal[] =>
  bytes.length === 0
    ? []
    : (["md5", "sha256"] as const).map((type) => ({ type, value: createHash(type).update(bytes).digest("hex") }));

/** Reads pictures in threads of their own. */
export const createUploadReader = (maxFileBytes: number | undefined): UploadReader => {
  const pool = createFingerprintPool(maxFileBytes === undefined ? {} : { limits: { bytes: maxFileBytes } });
  return {
    async read(bytes) {
      const outcome = await pool.fingerprint(bytes);
      if (!outcome.ok) return { ok: false, signals: exactSignals(bytes), reason: outcome.code };
      const { fingerprint } = outcome;
      const signals = querySignals(fingerprint);
      return fingerprint.quality < MIN_PDQ_QUALITY
        ? { ok: true, signals, reason: "picture_too_plain" }
        : { ok: true, signals };
    },
    close: () => pool.close(),
  };
};
