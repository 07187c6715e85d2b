/** `SeekHead` and `Cues` (RFC 9559, sections 5.1.1 and 5.1.5) as they are written: where parts and clusters begin. */
import type { Cue } from "./cluster.ts";
import { element, idBytes, uintElement } from "./ebml.ts";
import { CUES, INFO, SEEK_HEAD, TRACKS } from "./ids.ts";

const SEEK = 0x4dbb;
const SEEK_ID = 0x53ab;
const SEEK_POSITION = 0x53ac;
const CUE_POINT = 0xbb;
const CUE_TIME = 0xb3;
const CUE_TRACK_POSITIONS = 0xb7;
const CUE_TRACK = 0xf7;
const CUE_CLUSTER_POSITION = 0xf1;

/** Positions are from the start of the segment's content, in as many bytes whatever they are. */
const POSITION_BYTES = 8;
const TIME_BYTES = 6;

/** Where `Info`, `Tracks` and `Cues` begin; the last is left out if there are none. */
export const makeSeekHead = (info: number, tracks: number, cues: number | null): Uint8Array =>
  element(
    SEEK_HEAD,
    ...[[INFO, info] as const, [TRACKS, tracks] as const, ...(cues === null ? [] : [[CUES, cues] as const])].map(
      ([id, position]) =>
        element(SEEK, element(SEEK_ID, idBytes(id)), uintElement(SEEK_POSITION, position, POSITION_BYTES)),
    ),
  );

/** Clusters begin at `base`. Empty if there is no place where decoding can begin. */
export const makeCues = (cues: readonly Cue[], track: number, base: number): Uint8Array =>
  cues.length === 0
    ? new Uint8Array(0)
    : element(
        CUES,
        ...cues.map(({ time, clusterOffset }) =>
          element(
            CUE_POINT,
            uintElement(CUE_TIME, time, TIME_BYTES),
            element(
              CUE_TRACK_POSITIONS,
              uintElement(CUE_TRACK, track),
              uintElement(CUE_CLUSTER_POSITION, base + clusterOffset, POSITION_BYTES),
            ),
          ),
        ),
      );
