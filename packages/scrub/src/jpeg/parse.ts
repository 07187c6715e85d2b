/**
 * JPEG (ITU-T T.81, JFIF by T.871): a file is built anew from the frame, the tables that its scans use, the scans, and
 * of the application segments density, orientation, colour profile and colour transform. Everything else is reported
 * and left out. Behind the first end-of-image marker nothing belongs to the picture, but for a gain map that is asked for.
 */
import { Findings, sizeText } from "../core/findings.ts";
import type { Parser } from "../core/parsed.ts";
import { Output } from "../core/pieces.ts";
import { reportTrailer } from "../core/trailer.ts";
import { ScannedRanges } from "../core/scanned.ts";
import { Window } from "../core/window.ts";
import { findGainMap, type GainMap, linkGainMap } from "./gain-map.ts";
import { APP0, EOI, SOI } from "./markers.ts";
import { readPicture } from "./picture.ts";
import { segment } from "./tables.ts";

const SOI_BYTES = Uint8Array.of(0xff, SOI);
const EOI_BYTES = Uint8Array.of(0xff, EOI);

/** A gain map as a picture of its own, with how to apply it and nothing else. */
const writeGainMap = ({ picture, parameters }: GainMap): Output => {
  const output = new Output();
  output.add(SOI_BYTES);
  for (const bytes of picture.application.write(parameters.map(({ n, body }) => segment(APP0 + n, body))).segments)
    output.add(bytes);
  output.append(picture.scans);
  output.add(EOI_BYTES);
  return output;
};

export const parseJpeg: Parser = async (source, { signal, keepGainMap = false }, scanned = new ScannedRanges()) => {
  const window = new Window(source);
  const findings = new Findings();
  const check = (): void => signal?.throwIfAborted();
  const { application, scans, end } = await readPicture(window, 0, findings, {
    place: "",
    keepGainMap,
    check,
    scanned,
  });
  const search = keepGainMap ? await findGainMap(window, end, application, findings, { check, scanned }) : null;
  const map = search?.map ?? null;
  const mapOutput = map === null ? null : writeGainMap(map);
  const links = map === null || mapOutput === null ? [] : linkGainMap(map, mapOutput.sizeBytes);
  const placed = links.map(({ n, body }) => segment(APP0 + n, body));
  const { segments, kept } = application.write(placed);

  const output = new Output();
  output.add(SOI_BYTES);
  const primaryBytes = segments.reduce((sum, bytes) => sum + bytes.length, 4 + scans.sizeBytes);
  let at = 2;
  for (const bytes of segments) {
    const link = links[placed.indexOf(bytes)];
    // The index counts from its own byte order mark: behind marker, length and name.
    if (link?.fill !== undefined) bytes.set(link.fill(primaryBytes, primaryBytes - at - 8), 4);
    at += bytes.length;
    output.add(bytes);
  }
  output.append(scans);
  output.add(EOI_BYTES);
  if (mapOutput !== null) output.append(mapOutput);
  // As they are now, with the index filled in.
  application.settle(placed.map((bytes) => bytes.subarray(4)));

  const mapEnd = map?.picture.end ?? end;
  const between = map === null ? 0 : map.start - end;
  if (between > 0) findings.add("hidden_media", "between the pictures", "data", sizeText(between), "high");
  await reportTrailer(window, mapEnd, findings);
  return {
    findings,
    trailingBytes: between + window.sizeBytes - mapEnd,
    output,
    kept: [...kept, ...(map === null ? [] : ["gain map"]), ...(search?.note ?? [])],
  };
};
