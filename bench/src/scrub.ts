/**
 * How fast files are cleaned: megabytes of input a second and format, proof included (what is written was read again).
 * In memory beside picscrub, the cleaner on npm that reads the most formats; from file to file beside one ExifTool
 * process that stays open, where ExifTool is installed. The peers do less: neither reads its output again, and ExifTool
 * leaves what it does not know. No videos
 * where FFmpeg is not installed.
 */
import { execFileSync } from "node:child_process";
import { open, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bytesSource, type Source, strip } from "@recourse/scrub";
import { fileSink, openFileSource } from "@recourse/scrub/node";
import { removeMetadataSync } from "picscrub";
import sharp from "sharp";
import { figures as cover } from "./scrub-cover.ts";
import { figures as large } from "./scrub-large.ts";
import type { Benchmarks, Figure } from "./figure.ts";
import { median } from "./measure.ts";
import { openExiftool } from "./exiftool-process.ts";
import { withFolder } from "./server-process.ts";

const fixtures = join(import.meta.dirname, "../../fixtures");
const PICTURES = 4;
const RUNS = 5;

const FORMATS = ["jpeg", "png", "webp", "gif", "tiff", "mp4", "mkv"] as const;
type Format = (typeof FORMATS)[number];
type Video = "mp4" | "mkv";
const isVideo = (format: Format): format is Video => format === "mp4" || format === "mkv";

/** Pictures with a place, a time and a device. */
const makePictures = async (format: Exclude<Format, Video>): Promise<readonly Buffer[]> => {
  const folder = join(fixtures, "photographs");
  const names = (await readdir(folder)).filter((name) => name.endsWith(".jpg")).slice(0, PICTURES);
  return Promise.all(
    names.map(async (name) =>
      sharp(await readFile(join(folder, name)))
        // As a phone's where that is quick to make, and as a web page's where it isn't.
        .resize(format === "jpeg" ? 4000 : 1200)
        .withIccProfile("p3")
        .withExif({
          IFD0: { Make: "Bench", Model: "Bench One", Software: "bench" },
          IFD2: { DateTimeOriginal: "2024:05:17 13:05:09" },
          IFD3: {
            GPSLatitudeRef: "N",
            GPSLatitude: "47/1 22/1 37/1",
            GPSLongitudeRef: "E",
            GPSLongitude: "8/1 32/1 30/1",
          },
        })
        .toFormat(format, format === "jpeg" || format === "webp" ? { quality: 90 } : {})
        .toBuffer(),
    ),
  );
};

/** Real H.264 and AAC, repeated until there is something to measure. */
const makeVideo = async (format: Video): Promise<readonly Buffer[]> =>
  withFolder(async (folder) => {
    const path = join(folder, `video.${format}`);
    const film = join(fixtures, "videos/hike.mp4");
    const words = ["-v", "error", "-stream_loop", "60", "-i", film, "-c", "copy", "-metadata", "title=bench", path];
    execFileSync("ffmpeg", words, { stdio: ["ignore", "ignore", "inherit"] });
    return [await readFile(path)];
  });

const has = (program: string, word: string): boolean => {
  try {
    execFileSync(program, [word], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};

/** All tags go but those that we keep, too; the names of output and input follow. */
const COMMAND = ["-all=", "-tagsfromfile", "@", "-icc_profile", "-orientation", "-o"];

const discard = { write: (): void => undefined };
const clean = async (source: Source): Promise<void> => {
  const outcome = await strip(source, discard);
  if (!outcome.ok) throw new Error(`${outcome.format}: ${outcome.code}, ${outcome.reason}`);
};

const cleanFile = async (from: string, to: string): Promise<void> => {
  const source = await openFileSource(from);
  const output = await open(to, "wx");
  try {
    const outcome = await strip(source, fileSink(output));
    if (!outcome.ok) throw new Error(`${outcome.format}: ${outcome.code}, ${outcome.reason}`);
  } finally {
    await output.close();
    await source.close();
  }
};

/** How often a way is gone before anything is counted, and within each measurement: a few pictures take milliseconds. */
const WARM_UP_MS = 300;
const MEASURED_MS = 100;

/** Milliseconds of once each way of doing it, by turns: the mean of as many in a row as last a tenth of a second. */
const timeEach = async (ways: readonly (() => Promise<void>)[]): Promise<readonly (readonly number[])[]> => {
  const timesMs = ways.map((): number[] => []);
  const rounds: number[] = [];
  for (const way of ways) {
    let lastMs = 0;
    for (const begunAt = performance.now(); performance.now() - begunAt < WARM_UP_MS;) {
      const startedAt = performance.now();
      await way();
      lastMs = performance.now() - startedAt;
    }
    rounds.push(Math.max(1, Math.ceil(MEASURED_MS / lastMs)));
  }
  for (let run = 0; run < RUNS; run += 1) {
    for (const [index, way] of ways.entries()) {
      const count = rounds[index] ?? 1;
      const startedAt = performance.now();
      for (let round = 0; round < count; round += 1) await way();
      timesMs[index]?.push((performance.now() - startedAt) / count);
    }
  }
  return timesMs;
};

const inMemory = async (format: Format, files: readonly Buffer[], megabytes: number): Promise<Figure> => {
  const ours = async (): Promise<void> => {
    for (const file of files) await clean(bytesSource(file));
  };
  const peer = (): Promise<void> => {
    for (const file of files) removeMetadataSync(file, { preserveOrientation: true, preserveColorProfile: true });
    return Promise.resolve();
  };
  // picscrub reads no videos.
  const [oursMs = [], peerMs] = await timeEach(isVideo(format) ? [ours] : [ours, peer]);
  const rate = (timesMs: readonly number[]): number => megabytes / (median(timesMs) / 1000);
  return {
    figure: `scrub.${format}.mbps`,
    value: rate(oursMs),
    unit: "MB/s",
    n: RUNS,
    ...(peerMs === undefined ? {} : { peer: "picscrub", peerValue: rate(peerMs) }),
  };
};

const fromFileToFile = (format: Format, files: readonly Buffer[], megabytes: number): Promise<Figure> =>
  withFolder(async (folder) => {
    const from = files.map((_, index) => join(folder, `${index}.${format}`));
    const to = files.map((_, index) => join(folder, `clean-${index}.${format}`));
    await Promise.all(files.map((bytes, index) => writeFile(from[index] ?? "", bytes)));
    const erase = (): Promise<unknown> => Promise.all(to.map((path) => rm(path, { force: true })));
    const exiftool = has("exiftool", "-ver") ? openExiftool() : undefined;
    const each = (work: (from: string, to: string) => Promise<void>) => async (): Promise<void> => {
      await erase();
      for (const [index, path] of from.entries()) await work(path, to[index] ?? "");
    };
    try {
      const ways = [each(cleanFile)];
      // ExifTool 12 changes WebP in place only.
      const [first = ""] = from;
      if (exiftool !== undefined && (await exiftool.run([...COMMAND, join(folder, `try.${format}`), first]))) {
        ways.push(
          each(async (path, output) => {
            if (!(await exiftool.run([...COMMAND, output, path]))) throw new Error("ExifTool wrote no file");
          }),
        );
      }
      const [oursMs = [], peerMs] = await timeEach(ways);
      const rate = (timesMs: readonly number[]): number => megabytes / (median(timesMs) / 1000);
      return {
        figure: `scrub.${format}.files_mbps`,
        value: rate(oursMs),
        unit: "MB/s",
        n: RUNS,
        ...(peerMs === undefined ? {} : { peer: "ExifTool, one process", peerValue: rate(peerMs) }),
      };
    } finally {
      await exiftool?.close();
    }
  });

const measure = async (format: Format): Promise<readonly Figure[]> => {
  if (isVideo(format) && !has("ffmpeg", "-version")) return [];
  const files = isVideo(format) ? await makeVideo(format) : await makePictures(format);
  const megabytes = files.reduce((sum, { length }) => sum + length, 0) / 1e6;
  return [await inMemory(format, files, megabytes), await fromFileToFile(format, files, megabytes)];
};

export const figures: Benchmarks = {
  ...Object.fromEntries(FORMATS.map((format) => [`scrub.${format}.`, () => measure(format)])),
  ...large,
  ...cover,
};
