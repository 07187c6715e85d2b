/** One picture of a JPEG file: everything from a start-of-image marker to the first end-of-image marker. */
import { u16be } from "../core/bytes.ts";
import { type Findings, sizeText } from "../core/findings.ts";
import { Output } from "../core/pieces.ts";
import { damaged, doubtful, unsupported } from "../core/refuse.ts";
import type { Scanned } from "../core/scanned.ts";
import type { Window } from "../core/window.ts";
import { ApplicationData } from "./application.ts";
import { type Frame, readFrame, scanHeader } from "./frame.ts";
import { APP0, APP15, COM, DAC, DHT, DNL, DQT, DRI, EOI, isFrame, isKnownFrame, SOI, SOS } from "./markers.ts";
import { copyScanData } from "./scan-data.ts";
import { segment, Tables } from "./tables.ts";

/** How many segments and scans a file may have; a hundred thousand comments still pass. */
const MAX_SEGMENTS = 500_000;

export interface Picture {
  readonly application: ApplicationData;
  /** Frame, tables and scans as they are written. */
  readonly scans: Output;
  /** Behind the end marker; the file's size if there is none. */
  readonly end: number;
}

export interface PictureOptions {
  /** Put before all places of findings. */
  readonly place: string;
  readonly keepGainMap: boolean;
  readonly check: () => void;
  readonly scanned: Scanned;
}

/** Reads the picture whose first marker stands at `start`. */
export const readPicture = async (
  window: Window,
  start: number,
  findings: Findings,
  { place, keepGainMap, check, scanned }: PictureOptions,
): Promise<Picture> => {
  const application = new ApplicationData(findings, place, keepGainMap);
  const tables = new Tables();
  const scans = new Output();
  let frame: Frame | null = null;
  let scanCount = 0;
  let padding = 0;
  let at = start + 2;
  let end = -1;
  for (let count = 0; end < 0; count += 1) {
    if (count > MAX_SEGMENTS) throw doubtful("the file has too many segments");
    if (count % 1024 === 0) check();
    const skipped = await skipToMarker(window, at);
    padding += skipped.padding;
    at = skipped.at;
    if (skipped.marker < 0) {
      // Cut off behind at least one scan: viewers show what is there, and so does the copy, with an end.
      if (scanCount === 0) throw damaged("the file ends before its picture");
      end = window.sizeBytes;
      break;
    }
    const { marker } = skipped;
    if (marker === EOI) {
      if (scanCount === 0) throw damaged("the file has no picture");
      end = at + 2;
      break;
    }
    if (marker === SOI) throw doubtful("a second picture begins within the first");
    if (marker < 0xc0) throw doubtful("the file has a marker without meaning");
    const head = await window.peek(at + 2, 2);
    const length = u16be(head, 0);
    if (head.length < 2 || length < 2) throw damaged("a segment's length is wrong");
    if (at + 2 + length > window.sizeBytes) {
      if (scanCount === 0) throw damaged("the file ends within a segment");
      padding += window.sizeBytes - at;
      end = window.sizeBytes;
      break;
    }
    const bodyAt = at + 4;
    const body = await window.view(bodyAt, length - 2);
    at += 2 + length;
    if (marker >= APP0 && marker <= APP15) application.read(marker - APP0, body, scanCount === 0, bodyAt);
    else if (marker === COM) application.comment(body, scanCount === 0);
    else if (marker === DQT) tables.readQuantisation(body);
    else if (marker === DHT) tables.readHuffman(body);
    else if (marker === DAC) tables.readArithmetic(body);
    else if (marker === DRI) tables.readRestartInterval(body);
    else if (marker === DNL) {
      if (body.length !== 2) throw damaged("the number of lines is wrong");
      scans.add(segment(DNL, body));
    } else if (isFrame(marker)) {
      if (frame !== null) throw doubtful("the file has more than one frame");
      if (!isKnownFrame(marker)) throw unsupported("hierarchical JPEG is not cleaned here");
      frame = readFrame(marker, body);
    } else if (marker === SOS) {
      if (frame === null) throw damaged("a scan stands before the frame");
      const headers = scanHeader(body, frame, tables);
      if (scanCount === 0) scans.add(frame.bytes);
      for (const bytes of headers) scans.add(bytes);
      scanCount += 1;
      const data = await copyScanData(window, at, scans, scanned);
      padding += data.fillBytes;
      at = data.at;
    } else throw unsupported("the file has a segment of an extension that is not cleaned here");
  }
  tables.finish();
  if (tables.unused > 0) findings.add("other", `${place}tables`, "unused tables", String(tables.unused), "low");
  if (padding > 0) findings.add("other", `${place}between segments`, "padding", sizeText(padding), "low");
  return { application, scans, end };
};

/** The next marker from `at` on, and what stood before it: fill bytes, or anything else, which decoders skip. */
const skipToMarker = async (
  window: Window,
  start: number,
): Promise<{ readonly at: number; readonly marker: number; readonly padding: number }> => {
  for (let at = start; ;) {
    const block = await window.block(at, 2);
    if (block.length < 2) return { at: window.sizeBytes, marker: -1, padding: window.sizeBytes - start };
    const found = block.indexOf(0xff);
    if (found < 0) {
      at += block.length;
      continue;
    }
    const next = block[found + 1];
    if (next === undefined || next === 0xff || next === 0) {
      // Fill bytes, or a stuffed 0 that belongs to no scan.
      at += found + (next === 0 ? 2 : next === 0xff ? 1 : 0);
      continue;
    }
    return { at: at + found, marker: next, padding: at + found - start };
  }
};
