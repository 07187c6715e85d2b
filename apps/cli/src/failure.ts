/** How a command ends when it can't do what was asked: a code, its sentence, and the exit status. */
import { ERRORS, type ErrorCode } from "@recourse/protocol";

/** Stopped by Ctrl-C, as shells count it: 128 and the number of the signal. */
export const CANCELLED = 130;

/**
 * 0 done · 1 a found match, for `compare` none, for `inspect` findings, for `notice` an incomplete one, or
 * a server that did not start · 2 not understood
 * · 3 some files could not be read or cleaned, or a server or bank not asked · 130 stopped.
 */
export type ExitStatus = 0 | 1 | 2 | 3 | typeof CANCELLED;

export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
  readonly code: ErrorCode;
  readonly exitStatus: ExitStatus;

  /** `detail` goes behind the code's sentence; it never holds content, hashes or keys. */
  constructor(code: ErrorCode, exitStatus: ExitStatus, detail?: string) {
    super(detail === undefined ? ERRORS[code].message : `${ERRORS[code].message} (${detail})`);
    this.code = code;
    this.exitStatus = exitStatus;
  }
}
