/** `Tracks` (RFC 9559, section 5.1.4): which tracks are kept, and each of them as it is written. */
import { ascii, join, latin1 } from "../core/bytes.ts";
import { type Findings, sizeText } from "../core/findings.ts";
import { damaged, doubtful, unsupported } from "../core/refuse.ts";
import { cleanDolbyConfig } from "../codec/config.ts";
import { newReports, type SampleReports, type Treatment } from "../codec/treatment.ts";
import { textOrSize } from "../text/decode.ts";
import { cleanCodec, isDolby } from "./codecs.ts";
import { contentOf, type Element, element, elementsIn, onlyElement, textElement, uintElement } from "./ebml.ts";
import { copyFields, type Field, float, readField, uint } from "./fields.ts";
import { TRACKS } from "./ids.ts";
import { reportOther } from "./others.ts";

const MAX_TRACKS = 1000;
const VIDEO = 1;
const AUDIO = 2;

const TRACK_ENTRY = 0xae;
const TRACK_NUMBER = uint(0xd7, 2 ** 48);
const TRACK_TYPE = uint(0x83, 255);
const FLAG_ENABLED = uint(0xb9, 1);
const TRACK_UID = 0x73c5;
const CODEC_ID = 0x86;
const CODEC_PRIVATE = 0x63a2;
const LANGUAGE = 0x22_b59c;
const VIDEO_SETTINGS = 0xe0;
const AUDIO_SETTINGS = 0xe1;
const TRACK_OPERATION = 0xe2;
const CONTENT_ENCODINGS = 0x6d80;
const TIMESTAMP_SCALE_OF_TRACK = float(0x23_314f, 1e6);
const TRACK_OFFSET = 0x537f;
const ADDITION_MAPPING = 0x41e4;
const ADDITION_TYPE = 0x41e7;
const ADDITION_DATA = 0x41ed;
const MAX_ADDITION_ID = 0x55ee;
const COLOUR = 0x55b0;
const MASTERING = 0x55d0;
const PROJECTION = 0x7670;
const PROJECTION_TYPE = uint(0x7671, 255);
const POSE_YAW = float(0x7673, 180);
const POSE_PITCH = float(0x7674, 90);
const POSE_ROLL = float(0x7675, 180);
const ALPHA_MODE = uint(0x53c0, 1);

/** Ten minutes in nanoseconds: no picture lasts as long, no decoder needs so much before it begins. */
const LONGEST = 600e9;
const DEFAULT_DURATION = uint(0x23_e383, LONGEST);

/** Default, forced, lacing, frame duration, codec delay, what to decode before a place is shown. */
const OF_ALL: readonly Field[] = [
  uint(0x88, 1),
  uint(0x55aa, 1),
  uint(0x9c, 1),
  DEFAULT_DURATION,
  uint(0x56aa, LONGEST),
  uint(0x56bb, LONGEST),
];

const SIZE = 1 << 24;
/** Interlacing, stereo, alpha; size, crop, size as shown. */
const OF_VIDEO: readonly Field[] = [
  uint(0x9a, 2),
  uint(0x9d, 14),
  uint(0x53b8, 14),
  ALPHA_MODE,
  ...[0xb0, 0xba, 0x54aa, 0x54bb, 0x54cc, 0x54dd, 0x54b0, 0x54ba].map((id) => uint(id, SIZE)),
  uint(0x54b2, 4),
];
/** Matrix, depth, subsampling, siting, range, transfer, primaries, light levels. */
const OF_COLOUR: readonly Field[] = [
  ...[0x55b1, 0x55b2, 0x55b3, 0x55b4, 0x55b5, 0x55b6, 0x55b7, 0x55b8, 0x55b9, 0x55ba, 0x55bb].map((id) =>
    uint(id, 255),
  ),
  uint(0x55bc, 0xffff),
  uint(0x55bd, 0xffff),
];
const OF_MASTERING: readonly Field[] = [
  ...[0x55d1, 0x55d2, 0x55d3, 0x55d4, 0x55d5, 0x55d6, 0x55d7, 0x55d8].map((id) => float(id, 1)),
  float(0x55d9, 1e5),
  float(0x55da, 1e5),
];
const OF_AUDIO: readonly Field[] = [float(0xb5, 1e7), float(0x78b5, 1e7), uint(0x9f, 255), uint(0x6264, 64)];

/** What is read above, or is counted anew. */
const KNOWN: ReadonlySet<number> = new Set([
  TRACK_NUMBER.id,
  TRACK_UID,
  TRACK_TYPE.id,
  FLAG_ENABLED.id,
  CODEC_ID,
  VIDEO_SETTINGS,
  AUDIO_SETTINGS,
  MAX_ADDITION_ID,
  ...OF_ALL.map(({ id }) => id),
]);

export interface Track {
  /** As blocks name it. */
  readonly number: number;
  /** As it is written. */
  readonly newNumber: number;
  readonly where: string;
  readonly isVideo: boolean;
  readonly treatment: Treatment;
  readonly reports: SampleReports;
  /** True where transparency comes beside each frame. */
  readonly hasAlpha: boolean;
  readonly isTurned: boolean;
  /** Nanoseconds of each frame; 0 if it is not told. */
  readonly frameNs: number;
  readonly bytes: Uint8Array;
}

/** A track that is left out. */
export interface DroppedTrack {
  readonly number: number;
  readonly where: string;
  readonly type: number;
  readonly codec: string;
}

export interface Tracks {
  readonly kept: readonly Track[];
  readonly dropped: readonly DroppedTrack[];
}

interface Entry extends DroppedTrack {
  readonly elements: readonly Element[];
  readonly enabled: boolean;
}

const codecNameOf = (bytes: Uint8Array): string => latin1(bytes).replace(/\0+$/u, "");

const readEntry = (bytes: Uint8Array, entry: Element, index: number): Entry => {
  const elements = elementsIn(bytes, entry.body, entry.end);
  const number = readField(bytes, elements, TRACK_NUMBER) ?? 0;
  const type = readField(bytes, elements, TRACK_TYPE) ?? 0;
  const codec = onlyElement(elements, CODEC_ID);
  if (number === 0 || type === 0 || codec === undefined || codec.end - codec.body > 64)
    throw damaged("a track does not say what it is");
  const enabled = (readField(bytes, elements, FLAG_ENABLED) ?? 1) === 1;
  return { number, type, codec: codecNameOf(contentOf(bytes, codec)), where: `track ${index + 1}`, elements, enabled };
};

/** Tracks that are played: sound and video, and none that is switched off beside one that is on. */
const isKept = (entry: Entry, all: readonly Entry[]): boolean =>
  (entry.type === VIDEO || entry.type === AUDIO) &&
  (entry.enabled || !all.some((one) => one.type === entry.type && one.enabled));

/** Children of one element: those of the table anew, all else reported. `others` are written by whoever calls. */
const cleanChildren = (
  bytes: Uint8Array,
  { body, end }: Element,
  fields: readonly Field[],
  where: string,
  findings: Findings,
  others: (one: Element) => readonly Uint8Array[] | null = () => null,
): Uint8Array => {
  const elements = elementsIn(bytes, body, end);
  const parts = [...copyFields(bytes, elements, fields)];
  const seen = new Set<number>();
  for (const one of elements) {
    if (fields.some(({ id }) => id === one.id)) continue;
    const written = others(one);
    if (written === null) reportOther(bytes, one, where, findings);
    else if (seen.has(one.id)) throw doubtful("an element stands twice where one belongs");
    else {
      seen.add(one.id);
      parts.push(...written);
    }
  }
  return join(...parts);
};

const cleanColour = (bytes: Uint8Array, colour: Element, where: string, findings: Findings): Uint8Array =>
  element(
    COLOUR,
    cleanChildren(bytes, colour, OF_COLOUR, where, findings, (one) =>
      one.id === MASTERING ? [element(MASTERING, cleanChildren(bytes, one, OF_MASTERING, where, findings))] : null,
    ),
  );

/** Turning in the plane stays; a view all around is shown flat, for its settings can hold anything. */
const cleanProjection = (bytes: Uint8Array, projection: Element, where: string, findings: Findings): Uint8Array[] => {
  const elements = elementsIn(bytes, projection.body, projection.end);
  const [type, yaw, pitch, roll] = [PROJECTION_TYPE, POSE_YAW, POSE_PITCH, POSE_ROLL].map(
    (field) => readField(bytes, elements, field) ?? 0,
  );
  const isRight = (angle: number | undefined, step: number): boolean => (angle ?? 0) % step === 0;
  const isTurning = type === 0 && isRight(yaw, 180) && pitch === 0 && isRight(roll, 90) && (yaw !== 0 || roll !== 0);
  const known = [PROJECTION_TYPE, POSE_YAW, POSE_PITCH, POSE_ROLL];
  if (!isTurning) {
    if (
      type !== 0 ||
      yaw !== 0 ||
      pitch !== 0 ||
      roll !== 0 ||
      elements.some(({ id }) => known.every((one) => one.id !== id))
    )
      findings.add("device", where, "projection", sizeText(projection.end - projection.body), "low");
    return [];
  }
  for (const one of elements) if (known.every(({ id }) => id !== one.id)) reportOther(bytes, one, where, findings);
  return [element(PROJECTION, ...copyFields(bytes, elements, known))];
};

/** Settings of Dolby Vision; other additions go, and what they say with them. */
const cleanMapping = (bytes: Uint8Array, mapping: Element): Uint8Array | null => {
  const elements = elementsIn(bytes, mapping.body, mapping.end);
  const type = readField(bytes, elements, uint(ADDITION_TYPE, 0xffff_ffff)) ?? 0;
  const data = onlyElement(elements, ADDITION_DATA);
  if (!isDolby(type) || data === undefined) return null;
  return element(
    ADDITION_MAPPING,
    uintElement(ADDITION_TYPE, type),
    element(ADDITION_DATA, cleanDolbyConfig(contentOf(bytes, data))),
  );
};

const cleanTrack = (bytes: Uint8Array, entry: Entry, newNumber: number, findings: Findings): Track => {
  const { elements, where, type, number } = entry;
  if (elements.some(({ id }) => id === CONTENT_ENCODINGS))
    throw unsupported("packed or encrypted tracks are not cleaned here");
  if (elements.some(({ id }) => id === TRACK_OPERATION))
    throw unsupported("tracks made from others are not cleaned here");
  if ((readField(bytes, elements, TIMESTAMP_SCALE_OF_TRACK) ?? 1) !== 1)
    throw unsupported("a track that runs at a time of its own");
  const reports = newReports();
  const mappings: Uint8Array[] = [];
  let language = "";
  for (const one of elements) {
    if (one.id === ADDITION_MAPPING) {
      const clean = cleanMapping(bytes, one);
      if (clean === null) findings.add("other", where, "additions", sizeText(one.end - one.body), "low");
      else mappings.push(clean);
    } else if (one.id === LANGUAGE) language = codecNameOf(contentOf(bytes, one));
    else if (!KNOWN.has(one.id) && one.id !== CODEC_PRIVATE && one.id !== TIMESTAMP_SCALE_OF_TRACK.id) {
      if (one.id === TRACK_OFFSET) throw unsupported("a track that runs at a time of its own");
      reportOther(bytes, one, where, findings);
    }
  }
  if (mappings.length > 1) throw doubtful("an element stands twice where one belongs");
  if (language !== "" && language !== "und")
    findings.add("other", where, "language", textOrSize(ascii(language)), "low");
  const isVideo = type === VIDEO;
  const settings = onlyElement(elements, CODEC_PRIVATE);
  const given = settings === undefined ? new Uint8Array(0) : contentOf(bytes, settings);
  const codec = cleanCodec(entry.codec, given, reports, mappings.length > 0);
  if (codec.text !== "") findings.add("editing", `${where} CodecPrivate`, "encoder", codec.text, "medium");
  else if (codec.settings.length < given.length)
    findings.add("other", `${where} CodecPrivate`, "data", sizeText(given.length - codec.settings.length), "low");
  const parts: Uint8Array[] = [];
  let isTurned = false;
  let hasAlpha = false;
  const media = onlyElement(elements, isVideo ? VIDEO_SETTINGS : AUDIO_SETTINGS);
  const other = onlyElement(elements, isVideo ? AUDIO_SETTINGS : VIDEO_SETTINGS);
  if (other !== undefined) reportOther(bytes, other, where, findings);
  if (media !== undefined) {
    const inner = elementsIn(bytes, media.body, media.end);
    hasAlpha = isVideo && readField(bytes, inner, ALPHA_MODE) === 1;
    const clean = cleanChildren(bytes, media, isVideo ? OF_VIDEO : OF_AUDIO, where, findings, (one) => {
      if (!isVideo) return null;
      if (one.id === COLOUR) return [cleanColour(bytes, one, where, findings)];
      if (one.id !== PROJECTION) return null;
      const projection = cleanProjection(bytes, one, where, findings);
      isTurned = projection.length > 0;
      return projection;
    });
    parts.push(element(media.id, clean));
  }
  return {
    number,
    newNumber,
    where,
    isVideo,
    treatment: codec.treatment,
    reports,
    hasAlpha,
    isTurned,
    frameNs: readField(bytes, elements, DEFAULT_DURATION) ?? 0,
    bytes: element(
      TRACK_ENTRY,
      uintElement(TRACK_NUMBER.id, newNumber),
      uintElement(TRACK_UID, newNumber),
      uintElement(TRACK_TYPE.id, type),
      ...copyFields(bytes, elements, OF_ALL),
      textElement(LANGUAGE, "und"),
      textElement(CODEC_ID, entry.codec),
      ...(codec.settings.length === 0 ? [] : [element(CODEC_PRIVATE, codec.settings)]),
      ...(hasAlpha ? [uintElement(MAX_ADDITION_ID, 1)] : []),
      ...mappings,
      ...parts,
    ),
  };
};

/** `bytes` is the content of `Tracks`. */
export const readTracks = (bytes: Uint8Array, findings: Findings): Tracks => {
  const children = elementsIn(bytes, 0, bytes.length);
  for (const one of children) if (one.id !== TRACK_ENTRY) reportOther(bytes, one, "Tracks", findings);
  const found = children.filter(({ id }) => id === TRACK_ENTRY);
  if (found.length > MAX_TRACKS) throw doubtful("the file has too many tracks");
  const entries = found.map((one, index) => readEntry(bytes, one, index));
  if (new Set(entries.map(({ number }) => number)).size < entries.length) throw doubtful("two tracks have one number");
  const wanted = entries.filter((entry) => isKept(entry, entries));
  if (wanted.length === 0) throw unsupported("the file has neither sound nor pictures that are known here");
  if (wanted.length > 126) throw doubtful("the file has too many tracks");
  return {
    kept: wanted.map((entry, index) => cleanTrack(bytes, entry, index + 1, findings)),
    dropped: entries.filter((entry) => !wanted.includes(entry)),
  };
};

/** What was left out of a file with its track, once the blocks have been counted. */
export const reportDropped = ({ where, type, codec }: DroppedTrack, blocks: number, findings: Findings): void => {
  const count = `${blocks} blocks`;
  const place = `${where} ${codec}`;
  if (type === VIDEO) findings.add("hidden_media", place, "a video that is not shown", count, "high");
  else if (type === AUDIO) findings.add("hidden_media", place, "a sound that is not played", count, "high");
  else if (type === 0x11) findings.add("author", place, "text", count, "high");
  else findings.add("other", place, "data track", count, "high");
};

export const makeTracks = (tracks: readonly Track[]): Uint8Array =>
  element(TRACKS, ...tracks.map(({ bytes }) => bytes));
