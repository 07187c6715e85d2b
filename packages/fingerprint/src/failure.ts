/** The one error the doors throw inside themselves; callers only ever see its code in an outcome. */
import type { FingerprintErrorCode } from "./types.ts";

export class FingerprintFailure extends Error {
  readonly code: FingerprintErrorCode;

  constructor(code: FingerprintErrorCode, cause?: unknown) {
    super(code, { cause });
    this.name = "FingerprintFailure";
    this.code = code;
  }
}
