/** The error class of the catalogue: `code` is one of the protocol's, `message` its sentence. */
import { ERRORS, type ErrorCode } from "@recourse/protocol";

export class CatalogueError extends Error {
  override readonly name = "CatalogueError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode) {
    super(ERRORS[code].message);
    this.code = code;
  }
}
