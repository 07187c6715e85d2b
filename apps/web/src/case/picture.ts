/** A chosen picture on its way to being an item. The file itself stays where it is: on this device. */
import { bankSignals, type Fingerprint } from "@recourse/fingerprint";
import type { FingerprintErrorCode } from "@recourse/fingerprint/browser";
import type { NewItem } from "@recourse/protocol";
import { MIN_PDQ_QUALITY } from "@recourse/protocol/constants";

export type PictureState =
  | { readonly kind: "waiting" }
  | { readonly kind: "reading"; readonly fraction: number }
  | { readonly kind: "ready"; readonly fingerprint: Fingerprint }
  /** The same bytes as another picture of this visit. */
  | { readonly kind: "duplicate" }
  | { readonly kind: "problem"; readonly code: FingerprintErrorCode };

export interface Picture {
  /** Also the item's id at the hub, so that sending twice is sending once. */
  readonly id: string;
  /** Counted from 1, for a label that says nothing. */
  readonly number: number;
  /** Shown on this device only. */
  readonly fileName: string;
  readonly state: PictureState;
  readonly sent: boolean;
}

/** Too little detail for PDQ: only the same bytes can be found again. */
export const isExactOnly = (fingerprint: Fingerprint): boolean => fingerprint.quality < MIN_PDQ_QUALITY;

/** The item as it is sent, and as it is shown before it is sent. */
export const itemOf = (picture: Picture, fingerprint: Fingerprint): NewItem => ({
  itemId: picture.id,
  media: "image",
  signals: bankSignals(fingerprint),
});
