/** A chosen file on its way to a clean copy. Nothing of it leaves this device. */
import type { CleanCopy, CleanProblemCode, Inspected } from "./worker-messages.ts";

export type CleanState =
  | { readonly kind: "waiting" }
  | { readonly kind: "looking"; readonly fraction: number }
  | { readonly kind: "looked"; readonly seen: Inspected }
  | { readonly kind: "cleaning"; readonly fraction: number; readonly seen: Inspected }
  | { readonly kind: "cleaned"; readonly seen: Inspected; readonly copy: CleanCopy; readonly copyName: string }
  | { readonly kind: "problem"; readonly code: CleanProblemCode };

/** What became of a covered video's sound: it had none, was taken out or kept as wanted, or could not be kept. */
export type CoveredSound = "none" | "removed" | "kept" | "lost";

export interface Covered {
  readonly file: Blob;
  /** Of a video. */
  readonly sound?: CoveredSound;
}

export interface CleanFile {
  readonly id: string;
  /** Counted from 1, for a label that says nothing. */
  readonly number: number;
  /** The original: read, never changed. */
  readonly file: File;
  /** Encoded anew with parts covered, to be cleaned instead of the original. */
  readonly covered?: Covered;
  readonly state: CleanState;
}

export const isBusy = ({ state }: CleanFile): boolean =>
  state.kind === "waiting" || state.kind === "looking" || state.kind === "cleaning";
