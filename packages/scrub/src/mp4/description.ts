/** What a sample description comes to. */
import type { Treatment } from "../codec/treatment.ts";

/** How uncompressed sound lies in chunks: so many frames in a packet of so many bytes. */
export interface SoundFrames {
  readonly framesPerPacket: number;
  readonly bytesPerPacket: number;
}

export interface Description {
  /** The entry as it is written. */
  readonly bytes: Uint8Array;
  readonly treatment: Treatment;
  /** Of sound that is not compressed; null else. */
  readonly frames: SoundFrames | null;
}
