/**
 * MP4, MOV and 3GP (ISO/IEC 14496-12; QuickTime File Format; 3GPP TS 26.244), fragmented ones too: the file is built anew
 * as one movie box and one media data box, from the tracks that are played, the samples that they play, and what decoding
 * and showing those needs.
 */
import { ascii, be32, join, sameBytes } from "../core/bytes.ts";
import { Findings, sizeText } from "../core/findings.ts";
import type { Parser } from "../core/parsed.ts";
import { Output } from "../core/pieces.ts";
import { doubtful } from "../core/refuse.ts";
import { reportTrailer } from "../core/trailer.ts";
import { Window } from "../core/window.ts";
import { be64, boxAround, neededBox } from "../boxes/box.ts";
import { type Brands, cleanBrands, readBrands } from "../boxes/brands.ts";
import { Coverage, MediaRanges } from "../boxes/coverage.ts";
import { readTopBoxes, reportTopBox } from "../boxes/top.ts";
import { ChunkList } from "./chunk-list.ts";
import { writeReports } from "../codec/treatment.ts";
import { makeMovieHeader } from "./headers.ts";
import { trackWriter } from "./kept-track.ts";
import { copyMedia } from "./media.ts";
import { readMovie, type ReadMovie } from "./movie.ts";

/** Eight hours of video have some fifteen. */
const MAX_MOVIE_BYTES = 48 << 20;

const BRANDS: ReadonlySet<string> = new Set(
  "isom iso2 iso3 iso4 iso5 iso6 iso7 iso8 iso9 mp41 mp42 avc1 hvc1 av01 M4A M4V dby1 3gp4 3gp5 3gp6 3gp7 3gp8 3gp9 3gg6 3gs6 3g2a 3g2b 3g2c qt"
    .split(" ")
    .map((brand) => brand.padEnd(4)),
);

const QUICK_TIME: Brands = { major: "qt  ", minor: 0, compatible: ["qt  "] };

/** Boxes that are read, or that only index others. */
const KNOWN: ReadonlySet<string> = new Set(["ftyp", "moov", "mdat", "moof", "sidx", "ssix", "styp", "mfra", "pdin"]);

const IDENTITY = join(...[0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000].map(be32));

const keptOf = ({ tracks }: ReadMovie): readonly string[] => {
  const kept: string[] = [];
  // Behind layer, group, volume and two bytes reserved.
  if (tracks.some(({ boxes }) => !sameBytes(boxes.header.presentation.subarray(8, 44), IDENTITY)))
    kept.push("orientation");
  if (tracks.some(({ edits }) => edits.length > 0)) kept.push("edit list");
  if (tracks.some(({ hidden }) => hidden > 0)) kept.push("hidden samples that decoding needs");
  return kept;
};

export const parseMp4: Parser = async (source, { signal }) => {
  const window = new Window(source);
  const findings = new Findings();
  const check = (): void => signal?.throwIfAborted();
  const { boxes: top, end } = await readTopBoxes(window, check);
  const [first] = top;
  const brands =
    first?.type === "ftyp"
      ? readBrands(await window.take(first.body, Math.min(2048, first.end - first.body)))
      : QUICK_TIME;
  const quickTime = brands.major === "qt  ";
  for (const box of top) if (!KNOWN.has(box.type)) await reportTopBox(window, box, findings);
  const moov = neededBox(top, "moov");
  if (moov.end - moov.body > MAX_MOVIE_BYTES) throw doubtful("the file's index is too large");
  const ranges = new MediaRanges(top);
  const coverage = new Coverage();
  const movie = await readMovie(
    window,
    await window.take(moov.body, moov.end - moov.body),
    0,
    top.filter(({ type }) => type === "moof"),
    quickTime,
    coverage,
    findings,
    check,
  );
  const { media, written } = await copyMedia(window, movie.tracks, ranges, coverage, check);
  for (const { reports, boxes } of movie.tracks) writeReports(reports, `${boxes.where} samples`, findings);
  const unreferenced = coverage.missing(ranges);
  if (unreferenced > 0) findings.add("hidden_media", "box mdat", "unreferenced data", sizeText(unreferenced), "medium");
  await reportTrailer(window, end, findings);

  const otherwise = quickTime ? "qt  " : brands.major.startsWith("3g") ? "3gp4" : "mp42";
  const ftyp = cleanBrands(brands, BRANDS, otherwise, findings);
  const { timeScale } = movie.header;
  const none = { chunks: new ChunkList(), sizes: new Uint32Array(0) };
  const writers = movie.tracks.map((track, index) => trackWriter(track, written[index] ?? none, timeScale, quickTime));
  const duration = Math.max(...writers.map((writer) => writer.duration));
  const makeMovie = (base: number, wide: boolean): readonly Uint8Array[] =>
    boxAround("moov", [
      makeMovieHeader(movie.header, duration, writers.length),
      ...writers.flatMap((writer, index) => writer.make(index + 1, base, wide)),
    ]);
  const sizeOfMovie = (wide: boolean): number => makeMovie(0, wide).reduce((sum, { length }) => sum + length, 0);
  let movieSize = sizeOfMovie(false);
  const wide = ftyp.length + movieSize + 16 + media.sizeBytes > 0xffff_ffff;
  if (wide) movieSize = sizeOfMovie(true);
  const head = wide
    ? join(be32(1), ascii("mdat"), be64(16 + media.sizeBytes))
    : join(be32(8 + media.sizeBytes), ascii("mdat"));
  const output = new Output();
  output.add(ftyp);
  output.add(join(...makeMovie(ftyp.length + movieSize + head.length, wide)));
  output.add(head);
  output.append(media);
  return { findings, trailingBytes: window.sizeBytes - end, output, kept: keptOf(movie) };
};
