/** The movie box, read: which tracks are kept, and their samples, those of fragments among them. */
import type { Findings } from "../core/findings.ts";
import { damaged, doubtful, unsupported } from "../core/refuse.ts";
import type { Window } from "../core/window.ts";
import { type Box, boxesIn, neededBox, onlyBox } from "../boxes/box.ts";
import type { Coverage } from "../boxes/coverage.ts";
import { newReports, type SampleReports } from "../codec/treatment.ts";
import { cleanDescriptions } from "./descriptions.ts";
import type { Edit } from "./edits.ts";
import { readDefaults, readFragment, SampleList } from "./fragments.ts";
import { type MovieHeader, readMovieHeader } from "./headers.ts";
import { applyEdits, applyEditsToBulk, explicitEdits, type KeptTrack } from "./kept-track.ts";
import type { BulkSamples } from "./media.ts";
import { constantDuration, MAX_SAMPLES, readChunks, readSamples, readSizes, type Samples } from "./sample-table.ts";
import { coverChunks, coverTrack, readTrack, reportTrack, sampleCountOf, type TrackBoxes } from "./track.ts";
import type { Description } from "./description.ts";
import { reportTelemetry, samplePlaces, type SamplePlaces } from "./telemetry.ts";
import { reportLeftOut } from "./user-data.ts";

export interface ReadMovie {
  readonly header: MovieHeader;
  readonly tracks: readonly (KeptTrack & { readonly reports: SampleReports })[];
}

const MAX_TRACKS = 1000;
const NORMAL_RATE = 0x1_0000;
const ENABLED = 1;
/** Pictures of these formats beside a video are covers and thumbnails. */
const STILL_FORMATS: ReadonlySet<string> = new Set(["jpeg", "mjpa", "mjpb", "png ", "tiff", "gif "]);
const KNOWN_IN_MOVIE: ReadonlySet<string> = new Set(["mvhd", "trak", "mvex", "iods", "ctab", "clip"]);

/** Tracks that are played: sound and video, none that is switched off beside one that is on, and no cover. */
const isKept = (track: TrackBoxes, all: readonly TrackBoxes[]): boolean => {
  if (track.handler !== "vide" && track.handler !== "soun") return false;
  const others = all.filter((one) => one !== track && one.handler === track.handler);
  if ((track.header.flags & ENABLED) === 0 && others.some(({ header }) => (header.flags & ENABLED) !== 0)) return false;
  return !(STILL_FORMATS.has(track.format) && others.some(({ format }) => !STILL_FORMATS.has(format)));
};

/** Uncompressed sound whose samples are all alike; null if it has to be read one by one. */
const readBulk = (
  bytes: Uint8Array,
  { table }: TrackBoxes,
  descriptions: readonly Description[],
): BulkSamples | null => {
  const frames = descriptions[0]?.frames ?? null;
  const sizes = readSizes(bytes, table);
  if (frames === null || sizes.constant === 0 || descriptions.length !== 1 || sizes.count === 0) return null;
  const duration = constantDuration(bytes, table, sizes.count);
  if (duration === null) return null;
  // Old writers say 1 as the size of each, newer ones the bytes of a frame.
  const own = frames.framesPerPacket === 1 && sizes.constant > 1;
  return {
    kind: "bulk",
    count: sizes.count,
    duration,
    size: sizes.constant,
    frames: own ? { framesPerPacket: 1, bytesPerPacket: sizes.constant } : frames,
    chunks: readChunks(bytes, table, sizes.count),
  };
};

/** Samples of the movie and of fragments in one list. */
const startList = (samples: Samples): SampleList => {
  const list = new SampleList();
  for (const chunk of samples.chunks) {
    list.chunk(chunk.offset, chunk.sampleCount, chunk.description);
    for (let i = chunk.firstSample; i < chunk.firstSample + chunk.sampleCount; i += 1)
      list.sample(samples.sizes[i] ?? 0, samples.durations[i] ?? 0, samples.offsets?.[i] ?? 0, samples.sync?.[i] !== 0);
  }
  return list;
};

const placesIn = (list: SampleList): SamplePlaces => {
  const { chunks, sizes } = list.finish();
  return { chunks, sizeOf: (sample) => sizes[sample] ?? 0 };
};

/** Fragments may begin late; what they begin with is put behind nothing, and time as such is left out. */
const lateEdits = (
  list: SampleList,
  track: TrackBoxes,
  edits: readonly Edit[],
  earliest: number,
  movieScale: number,
): readonly Edit[] => {
  const late = Math.round(((list.startTime ?? 0) / track.timeScale - earliest) * movieScale);
  if (late <= 0) return edits;
  const own = edits.length > 0 ? edits : [{ duration: 0, mediaTime: 0, rate: NORMAL_RATE }];
  return [{ duration: late, mediaTime: -1, rate: NORMAL_RATE }, ...own];
};

const readFragments = async (
  window: Window,
  bytes: Uint8Array,
  mvex: Box,
  moofs: readonly Box[],
  tracks: readonly TrackBoxes[],
  check: () => void,
): Promise<ReadonlyMap<TrackBoxes, SampleList>> => {
  const lists = new Map(tracks.map((track) => [track, startList(readSamples(bytes, track.table))]));
  const byId = new Map([...lists].map(([{ header }, list]) => [header.id, list]));
  const defaults = readDefaults(bytes, mvex);
  for (const moof of moofs) {
    check();
    await readFragment(window, moof, defaults, (id) => {
      const list = byId.get(id);
      if (list === undefined) throw damaged("a fragment is of a track that is not there");
      return list;
    });
  }
  return lists;
};

export const readMovie = async (
  window: Window,
  bytes: Uint8Array,
  from: number,
  moofs: readonly Box[],
  quickTime: boolean,
  coverage: Coverage,
  findings: Findings,
  check: () => void,
): Promise<ReadMovie> => {
  const boxes = boxesIn(bytes, from, bytes.length);
  if (onlyBox(boxes, "cmov") !== undefined) throw unsupported("movies with a packed index are not cleaned here");
  if (onlyBox(boxes, "rmra") !== undefined) throw unsupported("the file plays media of another file");
  const header = readMovieHeader(bytes, neededBox(boxes, "mvhd"), findings);
  for (const box of boxes) if (!KNOWN_IN_MOVIE.has(box.type)) reportLeftOut(bytes, box, "moov", findings);
  const traks = boxes.filter(({ type }) => type === "trak");
  if (traks.length > MAX_TRACKS) throw doubtful("the file has too many tracks");
  const all = traks.map((trak, index) => readTrack(bytes, trak, index + 1, findings));
  if (new Set(all.map((track) => track.header.id)).size < all.length) throw doubtful("two tracks have one number");
  const mvex = onlyBox(boxes, "mvex");
  if (moofs.length > 0 && mvex === undefined) throw damaged("the fragments have no settings");
  const lists =
    mvex === undefined || moofs.length === 0 ? null : await readFragments(window, bytes, mvex, moofs, all, check);
  const tracks: (KeptTrack & { readonly reports: SampleReports })[] = [];
  const wanted = all.filter((track) => isKept(track, all));
  const starts = wanted.flatMap((track) => {
    const list = lists?.get(track);
    return list === undefined || list.count === 0 ? [] : [(list.startTime ?? 0) / track.timeScale];
  });
  const earliest = starts.length === 0 ? 0 : Math.min(...starts);
  let samples = 0;
  for (const boxesOfTrack of all) {
    check();
    const list = lists?.get(boxesOfTrack);
    if (!wanted.includes(boxesOfTrack)) {
      reportTrack(boxesOfTrack, list?.count ?? sampleCountOf(bytes, boxesOfTrack), findings);
      const inFragments = list === undefined ? null : placesIn(list);
      await reportTelemetry(window, boxesOfTrack, () => inFragments ?? samplePlaces(bytes, boxesOfTrack), findings);
      if (inFragments === null) coverTrack(bytes, boxesOfTrack, coverage);
      else coverChunks(inFragments.chunks, inFragments.sizeOf, coverage);
      continue;
    }
    const track = readKept(bytes, boxesOfTrack, list, header.timeScale, earliest, quickTime, findings);
    if (track === null) continue;
    if (track.media.kind === "single") samples += track.media.samples.count;
    if (samples > MAX_SAMPLES) throw doubtful("the file has too many samples");
    tracks.push(track);
  }
  if (tracks.length === 0) throw unsupported("the file has neither sound nor pictures that are known here");
  return { header, tracks };
};

/** When the last picture ends that is shown: with composition offsets, later than all durations together. */
const endOf = ({ count, durations, offsets }: Samples): number => {
  let time = 0;
  let end = 0;
  for (let i = 0; i < count; i += 1) {
    const duration = durations[i] ?? 0;
    end = Math.max(end, time + (offsets?.[i] ?? 0) + duration);
    time += duration;
  }
  return end;
};

/** Null if nothing of the track is played. */
const readKept = (
  bytes: Uint8Array,
  track: TrackBoxes,
  list: SampleList | undefined,
  movieScale: number,
  earliest: number,
  quickTime: boolean,
  findings: Findings,
): (KeptTrack & { readonly reports: SampleReports }) | null => {
  if (track.dataReferences === undefined) throw damaged("a track does not say where its data is");
  const reports = newReports();
  const descriptions = cleanDescriptions(
    bytes,
    track.stsd,
    track.dataReferences,
    track.handler === "soun",
    quickTime,
    track.where,
    findings,
    reports,
  );
  const bulk = list === undefined ? readBulk(bytes, track, descriptions) : null;
  const samples = bulk === null ? (list?.finish() ?? readSamples(bytes, track.table)) : null;
  if (samples?.count === 0) return null;
  const mediaEnd = bulk === null ? (samples === null ? 0 : endOf(samples)) : bulk.count * bulk.duration;
  const own = list === undefined ? track.edits : lateEdits(list, track, track.edits, earliest, movieScale);
  const edits = explicitEdits(own, mediaEnd, movieScale, track.timeScale);
  const applied =
    bulk === null
      ? samples === null
        ? null
        : applyEdits(track, edits, samples, movieScale, findings)
      : applyEditsToBulk(track, edits, bulk, movieScale, findings);
  if (applied === null) {
    findings.add("hidden_media", track.where, "a track of which nothing is played", track.handler, "high");
    return null;
  }
  return { boxes: track, descriptions, reports, ...applied };
};
