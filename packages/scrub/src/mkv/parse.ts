/**
 * Matroska and WebM (RFC 9559, in EBML, RFC 8794): a file is built anew from the tracks that are played and their blocks
 * in the order and with the times that they have. Everything that only tells (tags, chapters, attachments, names, dates,
 * programs) and everything that is not known is left out; the index for seeking is made anew.
 */
import { join } from "../core/bytes.ts";
import { Findings, sizeText } from "../core/findings.ts";
import type { Parser } from "../core/parsed.ts";
import { Output } from "../core/pieces.ts";
import { damaged, doubtful, unsupported } from "../core/refuse.ts";
import { reportTrailer } from "../core/trailer.ts";
import { Window } from "../core/window.ts";
import { writeReports } from "../codec/treatment.ts";
import { textOrSize } from "../text/decode.ts";
import { Clusters } from "./cluster.ts";
import { ElementReader, isEmpty } from "./elements.ts";
import { docTypeOf, makeHeader, reportHeader } from "./header.ts";
import { type Element, elementsIn, idBytes, vint } from "./ebml.ts";
import {
  ATTACHMENTS,
  CHAPTERS,
  CLUSTER,
  CRC32,
  CUES,
  EBML,
  INFO,
  SEEK_HEAD,
  SEGMENT,
  TAGS,
  TRACKS,
  VOID,
} from "./ids.ts";
import { makeInfo, readInfo } from "./info.ts";
import { makeCues, makeSeekHead } from "./index-write.ts";
import { reportAttachment, reportChapters, reportTags } from "./others.ts";
import { makeTracks, readTracks, reportDropped, type Tracks } from "./tracks.ts";

const MAX_HEADER_BYTES = 4096;
const MAX_TRACKS_BYTES = 8 << 20;
const MAX_INFO_BYTES = 1 << 20;
/** Of tags and chapters that are larger only the size is said. */
const MAX_TOLD_BYTES = 4 << 20;
/** How many attached files are named. */
const MAX_ATTACHED = 500;
const ATTACHED_FILE = 0x61a7;
const FILE_DATA = 0x465c;

type Open = Element & { readonly isOpen: boolean };

/** Content of an element that only tells, or null if it is larger than what is read. */
const told = async (
  reader: ElementReader,
  one: Element,
  where: string,
  findings: Findings,
): Promise<Uint8Array | null> => {
  if (one.end - one.body <= MAX_TOLD_BYTES) return reader.take(one, MAX_TOLD_BYTES);
  findings.add("other", where, "data", sizeText(one.end - one.body), "medium");
  return null;
};

/** Attached files: what they are called and of which type; what is in them is not read. */
const readAttachments = async (reader: ElementReader, { body, end }: Element, findings: Findings): Promise<void> => {
  let count = 0;
  for (let at = body; at < end;) {
    const file = await reader.next(at, end);
    if (file === null || file.isOpen) break;
    count += 1;
    if (count > MAX_ATTACHED) {
      findings.add("hidden_media", "Attachments", "more attached files", sizeText(end - at), "high");
      break;
    }
    if (file.id === ATTACHED_FILE) await readAttachment(reader, file, findings);
    else await leaveOut(reader, file, "Attachments", findings);
    at = file.end;
  }
};

const readAttachment = async (reader: ElementReader, file: Element, findings: Findings): Promise<void> => {
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  for (let at = file.body; at < file.end;) {
    const one = await reader.next(at, file.end);
    if (one === null || one.isOpen) break;
    if (one.id === FILE_DATA) sizeBytes += one.end - one.body;
    else if (one.end - one.body <= 1024 && parts.length < 64)
      parts.push(await reader.window.take(one.at, one.end - one.at));
    at = one.end;
  }
  const texts = join(...parts);
  reportAttachment(texts, elementsIn(texts, 0, texts.length), sizeBytes, findings);
};

/** Adds an element of the file that is not known. */
const leaveOut = async (reader: ElementReader, one: Element, where: string, findings: Findings): Promise<void> => {
  const sizeBytes = one.end - one.body;
  if (one.id === CRC32 && sizeBytes === 4) return;
  if (one.id === VOID && (await isEmpty(reader.window, one))) return;
  const first = await reader.window.take(one.body, Math.min(1024, sizeBytes));
  const value = (): string => (sizeBytes > first.length ? sizeText(sizeBytes) : textOrSize(first));
  findings.add(
    "other",
    where,
    one.id === VOID ? "padding that is not empty" : `element ${one.id.toString(16)}`,
    value,
    "medium",
  );
};

export const parseMkv: Parser = async (source, { signal }) => {
  const window = new Window(source);
  const findings = new Findings();
  const reader = new ElementReader(window, () => signal?.throwIfAborted());
  const header = await reader.next(0, window.sizeBytes);
  if (header === null || header.id !== EBML || header.isOpen) throw damaged("the file's header is cut off");
  const docType = readHeader(await reader.take(header, MAX_HEADER_BYTES), findings);

  const segment = await findSegment(reader, header.end, findings);
  let tracks: Tracks | null = null;
  let info: ReturnType<typeof readInfo> | null = null;
  let clusters: Clusters | null = null;
  let end = segment.end;
  let cut = 0;
  for (let at = segment.body; at < segment.end;) {
    const one: Open | null = await reader.next(at, segment.end);
    if (one === null) {
      if (!segment.isOpen) throw damaged("the file ends too early");
      cut = segment.end - at;
      break;
    }
    if (segment.isOpen && (one.id === EBML || one.id === SEGMENT)) {
      // Another file begins.
      end = at;
      break;
    }
    if (one.isOpen && one.id !== CLUSTER) throw damaged("an element does not tell its size");
    let next = one.end;
    switch (one.id) {
      case INFO:
        if (info !== null) throw doubtful("the file has two headers");
        info = readInfo(await reader.take(one, MAX_INFO_BYTES), findings);
        break;
      case TRACKS:
        if (tracks !== null) throw doubtful("the file tells its tracks twice");
        tracks = readTracks(await reader.take(one, MAX_TRACKS_BYTES), findings);
        break;
      case CLUSTER:
        if (tracks === null) throw damaged("the media begins before its tracks are told");
        info ??= readInfo(new Uint8Array(0), findings);
        clusters ??= new Clusters(reader, tracks.kept, info.tickNs, findings);
        next = await clusters.copy(one);
        break;
      case SEEK_HEAD:
      case CUES:
        break;
      case TAGS: {
        const bytes = await told(reader, one, "Tags", findings);
        if (bytes !== null) reportTags(bytes, findings);
        break;
      }
      case CHAPTERS: {
        const bytes = await told(reader, one, "Chapters", findings);
        if (bytes !== null && reportChapters(bytes, findings))
          throw doubtful("the file's chapters say which parts are played");
        break;
      }
      case ATTACHMENTS:
        await readAttachments(reader, one, findings);
        break;
      default:
        await leaveOut(reader, one, "Segment", findings);
    }
    at = next;
  }
  if (tracks === null || clusters === null || clusters.media.sizeBytes === 0 || info === null)
    throw damaged("the file has no media");
  clusters.cutBytes += cut;
  clusters.report();
  for (const { reports, where } of tracks.kept) writeReports(reports, `${where} frames`, findings);
  for (const one of tracks.dropped) {
    reportDropped(one, clusters.dropped.get(one.number) ?? 0, findings);
    clusters.dropped.delete(one.number);
  }
  const strangers = Array.from(clusters.dropped.values()).reduce((sum, count) => sum + count, 0);
  if (strangers > 0) findings.add("hidden_media", "Cluster", "blocks of no track", String(strangers), "high");
  await reportTrailer(window, end, findings);

  const head = makeInfo(info, clusters.end, findings);
  const trackBytes = makeTracks(tracks.kept);
  const hasCues = clusters.cues.length > 0;
  const seekHeadBytes = makeSeekHead(0, 0, hasCues ? 0 : null).length;
  const cuesBytes = makeCues(clusters.cues, clusters.cueTrackNumber, 0).length;
  const infoAt = seekHeadBytes;
  const tracksAt = infoAt + head.length;
  const cuesAt = tracksAt + trackBytes.length;
  const mediaAt = cuesAt + cuesBytes;
  const output = new Output();
  output.add(makeHeader(docType));
  output.add(join(idBytes(SEGMENT), vint(mediaAt + clusters.media.sizeBytes, 8)));
  output.add(makeSeekHead(infoAt, tracksAt, hasCues ? cuesAt : null));
  output.add(head);
  output.add(trackBytes);
  output.add(makeCues(clusters.cues, clusters.cueTrackNumber, mediaAt));
  output.append(clusters.media);
  const kept: string[] = [];
  if (tracks.kept.some(({ isTurned }) => isTurned)) kept.push("orientation");
  if (tracks.kept.some(({ hasAlpha }) => hasAlpha)) kept.push("transparency");
  return { findings, trailingBytes: window.sizeBytes - end, output, kept };
};

/** The kind of file; what else its header says is reported. */
const readHeader = (bytes: Uint8Array, findings: Findings): "matroska" | "webm" => {
  const elements = elementsIn(bytes, 0, bytes.length);
  const docType = docTypeOf(bytes, elements);
  if (docType === null) throw unsupported("an EBML file that is neither Matroska nor WebM");
  reportHeader(bytes, elements, findings);
  return docType;
};

const findSegment = async (reader: ElementReader, from: number, findings: Findings): Promise<Open> => {
  const { sizeBytes } = reader.window;
  for (let at = from; at < sizeBytes;) {
    const one = await reader.next(at, sizeBytes);
    if (one === null) break;
    if (one.id === SEGMENT) return one;
    if (one.isOpen || (one.id !== VOID && one.id !== CRC32)) break;
    await leaveOut(reader, one, "before Segment", findings);
    at = one.end;
  }
  throw damaged("the file has no media, or is cut off");
};
