/**
 * A gain map behind a JPEG (Ultra HDR image format 1.1; ISO 21496-1): found by the index of pictures or right behind the
 * first one, and only if it says how to apply it. Apple's of before, whose numbers stand in the maker's notes, is not.
 */
import { Findings } from "../core/findings.ts";
import { Refused } from "../core/refuse.ts";
import type { Window } from "../core/window.ts";
import type { ApplicationData } from "./application.ts";
import {
  cleanGainMapIso,
  cleanGainMapXmp,
  ISO_NAME,
  makeContainerXmp,
  makeIsoVersion,
  XMP_NAME,
} from "./gain-map-parameters.ts";
import { makeMpf, MPF_NAME, readPictureOffsets } from "./mpf.ts";
import { type Picture, type PictureOptions, readPicture } from "./picture.ts";

/** The body of a segment of ours. */
export interface Link {
  /** 1 for APP1, 2 for APP2. */
  readonly n: number;
  readonly body: Uint8Array;
  /** Makes the body once it is known how long the picture is, and how far behind the body's offset 4 it ends. */
  readonly fill?: (primaryBytes: number, offset: number) => Uint8Array;
}

export interface GainMap {
  readonly picture: Picture;
  readonly start: number;
  readonly parameters: readonly Link[];
}

const parametersOf = (application: ApplicationData): readonly Link[] => {
  const xmp = application.aside(XMP_NAME);
  const iso = application.aside(ISO_NAME);
  const cleanXmp = xmp === undefined ? null : cleanGainMapXmp(xmp.body);
  const cleanIso = iso === undefined ? null : cleanGainMapIso(iso.body);
  return [
    ...(cleanXmp === null ? [] : [{ n: 1, body: cleanXmp }]),
    ...(cleanIso === null ? [] : [{ n: 2, body: cleanIso }]),
  ];
};

const PLACE = "gain map, ";
const NOTE = "no gain map (there is one that does not say how it is applied in a way that can be kept)";

/** The first picture behind `end` that says how to apply it as a gain map. */
export const findGainMap = async (
  window: Window,
  end: number,
  application: ApplicationData,
  findings: Findings,
  options: Pick<PictureOptions, "check" | "scanned">,
): Promise<{ readonly map: GainMap | null; readonly note: readonly string[] }> => {
  const mpf = application.aside(MPF_NAME);
  const offsets = mpf === undefined ? [] : readPictureOffsets(mpf.body).map((offset) => mpf.at + 4 + offset);
  let seen = false;
  for (const start of new Set([end, ...offsets])) {
    if (start < end || start + 4 > window.sizeBytes) continue;
    const head = await window.peek(start, 3);
    if (head[0] !== 0xff || head[1] !== 0xd8 || head[2] !== 0xff) continue;
    seen = true;
    const own = new Findings();
    try {
      const picture = await readPicture(window, start, own, { place: PLACE, keepGainMap: true, ...options });
      const parameters = parametersOf(picture.application);
      // One that is cut off has no end to tell.
      if (parameters.length === 0 || !(await hasEnd(window, picture.end))) continue;
      picture.application.settle(parameters.map(({ body }) => body));
      for (const { kind, where, name, value, severity } of own.all()) findings.add(kind, where, name, value, severity);
      return { map: { picture, start, parameters }, note: [] };
    } catch (error) {
      // It is left out, and reported as what stands behind the end.
      if (!(error instanceof Refused)) throw error;
    }
  }
  return { map: null, note: seen ? [NOTE] : [] };
};

const hasEnd = async (window: Window, end: number): Promise<boolean> => {
  const last = await window.peek(end - 2, 2);
  return last[0] === 0xff && last[1] === 0xd9;
};

/** Segments of the first picture that lead to the gain map. */
export const linkGainMap = ({ parameters }: GainMap, mapBytes: number): readonly Link[] => [
  ...(parameters.some(({ n }) => n === 1) ? [{ n: 1, body: makeContainerXmp(mapBytes) }] : []),
  ...(parameters.some(({ n }) => n === 2) ? [{ n: 2, body: makeIsoVersion() }] : []),
  {
    n: 2,
    body: makeMpf(0, mapBytes, 0),
    fill: (primaryBytes, offset) => makeMpf(primaryBytes, mapBytes, offset),
  },
];
