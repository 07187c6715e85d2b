/** Where a data track says that its video was made: the first place in it, for people to see on a map. */
import { u16le } from "../core/bytes.ts";
import type { Findings } from "../core/findings.ts";
import { Refused } from "../core/refuse.ts";
import type { Window } from "../core/window.ts";
import { gpmfReport } from "../text/gpmf.ts";
import type { ChunkList } from "./chunk-list.ts";
import { readChunks, readSizes } from "./sample-table.ts";
import type { TrackBoxes } from "./track.ts";

/** A second each, of GoPro; satellites may take a while. */
const MAX_SAMPLES_READ = 30;
/** Of GoPro some 10 KiB. */
const MAX_SAMPLE_BYTES = 1 << 18;

/** Google's camera motion, packets of types 5 and 6: latitude and longitude as doubles (CAMM specification). */
const cammReport =
  (where: string, findings: Findings) =>
  (bytes: Uint8Array): boolean => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const at = new Map([
      [5, 4],
      [6, 16],
    ]).get(u16le(bytes, 2));
    if (at === undefined || at + 16 > bytes.length) return false;
    const [latitude, longitude] = [view.getFloat64(at, true), view.getFloat64(at + 8, true)];
    if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180) || (latitude === 0 && longitude === 0)) return false;
    const degrees = (value: number): number => Number(value.toFixed(6));
    findings.add("location", where, "GPSPosition", `${degrees(latitude)}, ${degrees(longitude)}`, "high");
    return true;
  };

const READERS: ReadonlyMap<string, typeof gpmfReport> = new Map([
  ["gpmd", gpmfReport],
  ["camm", cammReport],
]);

export interface SamplePlaces {
  readonly chunks: ChunkList;
  readonly sizeOf: (sample: number) => number;
}

/** Where the samples of a track lie, or null if its tables make no sense. */
export const samplePlaces = (bytes: Uint8Array, { table }: TrackBoxes): SamplePlaces | null => {
  try {
    const { count, sizeOf } = readSizes(bytes, table);
    return { chunks: readChunks(bytes, table, count), sizeOf };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return null;
  }
};

/** Adds what the first samples of a track of telemetry say, up to the first place. The track goes in any case. */
export const reportTelemetry = async (
  window: Window,
  { where, format }: TrackBoxes,
  placesOf: () => SamplePlaces | null,
  findings: Findings,
): Promise<void> => {
  const report = READERS.get(format)?.(`${where} ${format}`, findings);
  const places = report === undefined ? null : placesOf();
  if (report === undefined || places === null) return;
  const { chunks, sizeOf } = places;
  let read = 0;
  for (const { offset, firstSample, sampleCount } of chunks) {
    let at = offset;
    for (let sample = firstSample; sample < firstSample + sampleCount; sample += 1) {
      if (read >= MAX_SAMPLES_READ) return;
      read += 1;
      const size = sizeOf(sample);
      if (size > MAX_SAMPLE_BYTES || at + size > window.sizeBytes) return;
      if (report(await window.take(at, size))) return;
      at += size;
    }
  }
};
