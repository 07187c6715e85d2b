/** The one error class of this package: `code` is one of the protocol's, `message` its sentence. */
import { ERRORS, type ErrorCode } from "@recourse/protocol";

export class BankError extends Error {
  override readonly name = "BankError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, cause?: unknown) {
    super(ERRORS[code].message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
