/** One track of a movie (ISO/IEC 14496-12, 8.3 to 8.7), read. */
import { latin1, u32be } from "../core/bytes.ts";
import type { Findings } from "../core/findings.ts";
import { damaged, Refused } from "../core/refuse.ts";
import { type Box, boxesIn, neededBox, onlyBox } from "../boxes/box.ts";
import type { Coverage } from "../boxes/coverage.ts";
import type { FindingKind } from "../types.ts";
import type { ChunkList } from "./chunk-list.ts";
import { type Edit, readEdits } from "./edits.ts";
import { readHandler, readMediaHeader, readTrackHeader, type TrackHeader } from "./headers.ts";
import { readChunks, readSizes } from "./sample-table.ts";
import { reportLeftOut } from "./user-data.ts";

/** A track's boxes and headers; its samples are read later, if it is kept. */
export interface TrackBoxes {
  readonly where: string;
  readonly header: TrackHeader;
  readonly handler: string;
  readonly timeScale: number;
  readonly edits: readonly Edit[];
  readonly stsd: Box;
  readonly dataReferences: Box | undefined;
  readonly table: readonly Box[];
  /** Format of the first sample description. */
  readonly format: string;
}

const KNOWN_IN_TRACK: ReadonlySet<string> = new Set([
  "tkhd",
  "mdia",
  "edts",
  "tref",
  "tapt",
  "load",
  "clip",
  "matt",
  "txas",
]);
const KNOWN_IN_MEDIA: ReadonlySet<string> = new Set(["mdhd", "hdlr", "minf", "elng"]);
const KNOWN_IN_INFORMATION: ReadonlySet<string> = new Set([
  "vmhd",
  "smhd",
  "nmhd",
  "gmhd",
  "hmhd",
  "sthd",
  "hdlr",
  "dinf",
  "stbl",
]);
const KNOWN_IN_TABLE: ReadonlySet<string> = new Set(
  "stsd stts ctts cslg stss stps stsc stsz stz2 stco co64 sdtp sgpd sbgp subs saiz saio padb stdp stsh".split(" "),
);

const reportOthers = (
  bytes: Uint8Array,
  boxes: readonly Box[],
  known: ReadonlySet<string>,
  where: string,
  findings: Findings,
): void => {
  for (const box of boxes) if (!known.has(box.type)) reportLeftOut(bytes, box, where, findings);
};

export const readTrack = (bytes: Uint8Array, trak: Box, number: number, findings: Findings): TrackBoxes => {
  const where = `track ${number}`;
  const boxes = boxesIn(bytes, trak.body, trak.end);
  reportOthers(bytes, boxes, KNOWN_IN_TRACK, where, findings);
  const header = readTrackHeader(bytes, neededBox(boxes, "tkhd"), where, findings);
  const edits = onlyBox(boxes, "edts");
  const list = edits === undefined ? undefined : onlyBox(boxesIn(bytes, edits.body, edits.end), "elst");
  const mdia = neededBox(boxes, "mdia");
  const media = boxesIn(bytes, mdia.body, mdia.end);
  reportOthers(bytes, media, KNOWN_IN_MEDIA, where, findings);
  const timeScale = readMediaHeader(bytes, neededBox(media, "mdhd"), where, findings);
  const handler = readHandler(bytes, neededBox(media, "hdlr"), where, findings);
  const minf = neededBox(media, "minf");
  const information = boxesIn(bytes, minf.body, minf.end);
  reportOthers(bytes, information, KNOWN_IN_INFORMATION, where, findings);
  const dinf = onlyBox(information, "dinf");
  const stbl = neededBox(information, "stbl");
  const table = boxesIn(bytes, stbl.body, stbl.end);
  reportOthers(bytes, table, KNOWN_IN_TABLE, where, findings);
  const stsd = neededBox(table, "stsd");
  return {
    where,
    header,
    handler,
    timeScale,
    edits: list === undefined ? [] : readEdits(bytes, list),
    stsd,
    dataReferences: dinf === undefined ? undefined : onlyBox(boxesIn(bytes, dinf.body, dinf.end), "dref"),
    table,
    format: stsd.end - stsd.body >= 16 ? latin1(bytes, stsd.body + 12, 4) : "",
  };
};

/** Data tracks known by their format: what they hold. */
const DATA_TRACKS: ReadonlyMap<string, readonly [FindingKind, string]> = new Map([
  ["gpmd", ["location", "GoPro telemetry: places, movements, serial"]],
  ["camm", ["location", "camera motion: places, movements"]],
  ["mebx", ["location", "timed metadata: places, faces, movements"]],
  ["rtmd", ["device", "camera data: places, serial"]],
  ["tmcd", ["time", "time code"]],
  ["fdsc", ["device", "GoPro file recovery data"]],
  ["djmd", ["location", "DJI telemetry: places, serial"]],
  ["dbgi", ["device", "DJI debugging data"]],
  ["CTMD", ["device", "Canon timed metadata"]],
]);

/** Adds a track that is left out. */
export const reportTrack = ({ where, handler, format }: TrackBoxes, samples: number, findings: Findings): void => {
  const known = DATA_TRACKS.get(format);
  const count = `${samples} samples`;
  if (known !== undefined) findings.add(known[0], `${where} ${format}`, known[1], count, "high");
  else if (handler === "vide" || handler === "soun" || handler === "auxv" || handler === "pict")
    findings.add(
      "hidden_media",
      `${where} ${format}`,
      handler === "soun" ? "a sound that is not played" : "a video that is not shown",
      count,
      "high",
    );
  else if (["text", "sbtl", "subt", "clcp"].includes(handler))
    findings.add("author", `${where} ${format}`, "text", count, "high");
  else findings.add("other", `${where} ${format}`, `data track ${handler}`, count, "high");
};

/** Adds where chunks lie. */
export const coverChunks = (chunks: ChunkList, sizeOf: (sample: number) => number, coverage: Coverage): void => {
  for (const { offset, firstSample, sampleCount } of chunks) {
    let length = 0;
    for (let i = firstSample; i < firstSample + sampleCount; i += 1) length += sizeOf(i);
    coverage.add(offset, length);
  }
};

/** Adds where a track's samples lie, if its tables can be read: for what is left out. */
export const coverTrack = (bytes: Uint8Array, { table }: TrackBoxes, coverage: Coverage): void => {
  try {
    const { count, sizeOf, constant } = readSizes(bytes, table);
    if (count === 0) return;
    const chunks = readChunks(bytes, table, count);
    if (constant === 0) coverChunks(chunks, sizeOf, coverage);
    // Of uncompressed sound there may be billions.
    else for (const { offset, sampleCount } of chunks) coverage.add(offset, constant * sampleCount);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
  }
};

/** Numbers of samples that the tables tell. */
export const sampleCountOf = (bytes: Uint8Array, { table }: TrackBoxes): number => {
  const box = onlyBox(table, "stsz") ?? onlyBox(table, "stz2");
  if (box === undefined) throw damaged("a sample table is missing");
  return u32be(bytes, box.body + 8);
};
