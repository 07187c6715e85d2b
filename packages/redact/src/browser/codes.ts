/** How a door can end without a file. The sentences are in docs/errors.md, by these codes. */
export type DoorErrorCode =
  | "cancelled"
  | "decode_timeout"
  | "empty_file"
  | "encode_unsupported"
  | "file_too_large"
  | "file_unreadable"
  | "image_damaged"
  | "model_unreachable"
  | "not_a_video"
  | "not_an_image"
  | "pixels_blocked"
  | "too_many_pixels"
  | "unsupported_format"
  | "video_damaged";

/** Thrown inside the workers only; callers see its code in an outcome. */
export class DoorFailure extends Error {
  readonly code: DoorErrorCode;

  constructor(code: DoorErrorCode, cause?: unknown) {
    super(code, { cause });
    this.name = "DoorFailure";
    this.code = code;
  }
}

export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: DoorErrorCode };
