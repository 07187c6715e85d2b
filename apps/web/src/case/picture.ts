/** A chosen picture or video on its way to being an item. The file itself stays where it is: on this device. */
import { bankSignals, type Fingerprint, type VideoFingerprint, videoSignals } from "@recourse/fingerprint";
import type { FingerprintErrorCode, VideoErrorCode, VideoSeconds } from "@recourse/fingerprint/browser";
import type { Media, NewItem, Signal } from "@recourse/protocol";
import { MIN_PDQ_QUALITY } from "@recourse/protocol/constants";

/** What was read from a file. */
export type Reading =
  | { readonly media: "image"; readonly fingerprint: Fingerprint }
  | { readonly media: "video"; readonly fingerprint: VideoFingerprint };

export type PictureState =
  | { readonly kind: "waiting" }
  /** `seconds` of a video, as soon as its frames are read. */
  | { readonly kind: "reading"; readonly fraction: number; readonly seconds?: VideoSeconds }
  | { readonly kind: "ready"; readonly reading: Reading; readonly signals: readonly Signal[] }
  /** The same bytes as another file of this visit. */
  | { readonly kind: "duplicate" }
  | { readonly kind: "problem"; readonly code: FingerprintErrorCode | VideoErrorCode };

export interface Picture {
  /** Also the item's id at the hub, so that sending twice is sending once. */
  readonly id: string;
  /** Counted from 1, for a label that says nothing. */
  readonly number: number;
  readonly media: Media;
  /** Shown on this device only. */
  readonly fileName: string;
  readonly state: PictureState;
  readonly sent: boolean;
}

/** A reading with the signals a bank holds of it. */
export const readyWith = (reading: Reading): PictureState => ({
  kind: "ready",
  reading,
  signals: reading.media === "image" ? bankSignals(reading.fingerprint) : videoSignals(reading.fingerprint),
});

/** Too little detail for PDQ: only the same bytes can be found again. */
export const isExactOnly = ({ media, fingerprint }: Reading): boolean =>
  media === "image"
    ? fingerprint.quality < MIN_PDQ_QUALITY
    : fingerprint.frames.every(({ quality }) => quality < MIN_PDQ_QUALITY);

/** The item as it is sent; what it holds is what is shown before it is sent. None of a picture that is not ready. */
export const itemOf = ({ id, state }: Picture): NewItem | undefined =>
  state.kind === "ready" ? { itemId: id, media: state.reading.media, signals: [...state.signals] } : undefined;

/** What a sentence about several of them calls them. */
export type Mix = Media | "mixed";

export const mixOf = (pictures: readonly Picture[]): Mix => {
  if (pictures.every(({ media }) => media === "image")) return "image";
  return pictures.every(({ media }) => media === "video") ? "video" : "mixed";
};
