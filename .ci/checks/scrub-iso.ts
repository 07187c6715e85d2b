/**
 * Judges that know nothing of our code over videos, HEIC, AVIF and JPEG XL: ffmpeg decodes the same pictures and sound,
 * mkvmerge reads what is Matroska without a warning, heif-convert, avifdec and djxl the same pixels, ExifTool finds nothing that tells, and no byte string of make, model,
 * serial, date, place or encoder is left. Files are made here by encoders, and taken from the folder that
 * RECOURSE_CAMERA_FILES names, or ../shared/data/camera, where one is.
 */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { inspect, strip } from "../../packages/scrub/src/index.ts";
import { fileSink, openFileSource } from "../../packages/scrub/src/node/index.ts";

const folder = mkdtempSync(join(tmpdir(), "scrub-iso-"));
const camera = process.env["RECOURSE_CAMERA_FILES"] ?? join(import.meta.dirname, "../../../shared/data/camera");

const run = (program: string, ...args: readonly string[]): Buffer =>
  execFileSync(program, args, { maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "pipe"] });

const has = (program: string): boolean => spawnSync("which", [program]).status === 0;

/** What ffmpeg decodes of each stream of sound and pictures: their frames, times and digests. */
const frames = (file: string, streams: readonly string[], ...how: readonly string[]): string =>
  run(
    "ffmpeg",
    "-v",
    "error",
    ...how,
    "-i",
    file,
    ...streams.flatMap((stream) => ["-map", stream]),
    "-f",
    "framemd5",
    "-",
  )
    .toString()
    .split("\n")
    .filter((line) => !line.startsWith("#software"))
    .join("\n");

/** Says the first frame that is another one: all of them would fill a screen. */
const sameFrames = (before: string, after: string): void => {
  const [a, b] = [before.split("\n"), after.split("\n")];
  const at = a.findIndex((line, index) => line !== b[index]);
  assert.ok(a.length > 10, "no frames");
  if (at >= 0 || a.length !== b.length)
    assert.fail(`other frames: ${a[at] ?? "nothing"} became ${b[at] ?? "nothing"}, ${a.length} lines ${b.length}`);
};

interface Tags {
  readonly [name: string]: unknown;
}

const tagsOf = (file: string): Tags => {
  const [tags] = JSON.parse(
    run("exiftool", "-j", "-a", "-ee", "-G1", "-api", "largefilesupport=1", file).toString(),
  ) as Tags[];
  return tags ?? {};
};

/** Tags of these groups describe the file on this machine or what was computed from others. */
const SILENT_GROUPS = /^(?:SourceFile|System:|ExifTool:|File:|Composite:)/u;
const TELLING =
  /Date|GPS|Location|Serial|Make$|Model|Software|Encoder|Artist|Author|Copyright|Comment|Title|UniqueID|Vendor|CompressorName|HandlerDescription|HandlerVendorID|Description|Lens|Firmware|UUID|XMP|Thumbnail/u;
const isNothing = (value: unknown): boolean =>
  value === "" || value === 0 || /^(?:0000:00:00 00:00:00|)$/u.test(String(value).trim());

const tellingOf = (tags: Tags): string[] =>
  Object.entries(tags)
    .filter(([name, value]) => !SILENT_GROUPS.test(name) && TELLING.test(name.split(":")[1] ?? "") && !isNothing(value))
    .map(([name, value]) => `${name}=${String(value)}`);

/** Values of the original that may nowhere be in the output, as bytes. */
const SECRET =
  /(?:^|:)(?:Make|Model|SerialNumber|CameraSerialNumber|InternalSerialNumber|LensSerialNumber|BodySerialNumber|LensModel|Software|CreateDate|DateTimeOriginal|ModifyDate|GPSDateStamp|ContentIdentifier|MediaUniqueID|CompressorName|HandlerDescription|Encoder|GPSCoordinates|Location)\w*$/u;
const ENCODERS = [
  "x264 - core",
  "x265 (build",
  "Lavc5",
  "Lavc6",
  "Lavf5",
  "Lavf6",
  "LAME3",
  "http://ns.adobe.com",
  "GoPro",
  "iPhone",
];

const secretsOf = (tags: Tags): string[] => {
  const values = Object.entries(tags).filter(([name]) => SECRET.test(name) && !SILENT_GROUPS.test(name));
  return [...new Set([...ENCODERS, ...values.map(([, value]) => String(value).trim())])].filter(
    (value) => value.length >= 5 && !/^[0:. ]+$/u.test(value),
  );
};

const holds = (bytes: Buffer, secret: string): boolean =>
  bytes.includes(Buffer.from(secret, "latin1")) || bytes.includes(Buffer.from(secret, "utf16le"));

const clean = async (file: string, output: string): Promise<string | null> => {
  const source = await openFileSource(file);
  const handle = await open(output, "w");
  try {
    const outcome = await strip(source, fileSink(handle));
    return outcome.ok ? null : `${outcome.code}: ${outcome.reason}`;
  } finally {
    await handle.close();
    await source.close();
  }
};

/** Pixels as the format's own decoder gives them. */
const decode = (program: string, file: string, output: string): Buffer => {
  for (const old of readdirSync(folder)) if (old.startsWith("pixels")) rmSync(join(folder, old));
  run(program, file, output);
  // Some write several pictures, numbered.
  const written = readdirSync(folder)
    .filter((name) => name.startsWith("pixels"))
    .toSorted();
  // PNG files say more than their pixels: profile and Exif.
  return Buffer.concat(
    written.map((name) =>
      name.endsWith(".png")
        ? run("ffmpeg", "-v", "error", "-i", join(folder, name), "-f", "framemd5", "-")
        : readFileSync(join(folder, name)),
    ),
  );
};

const samePixels = (file: string, output: string): void => {
  const kind = extname(file).toLowerCase();
  const [program, target] =
    kind === ".avif"
      ? ["avifdec", "pixels.y4m"]
      : kind === ".jxl"
        ? ["djxl", "pixels.ppm"]
        : ["heif-convert", "pixels.png"];
  const name = join(folder, target);
  const before = decode(program, file, name);
  assert.ok(before.length > 0);
  assert.ok(before.equals(decode(program, output, name)), "other pixels");
};

/** Streams that are kept: sound and pictures, no covers. */
const streamsOf = (file: string): string[] => {
  const { streams } = JSON.parse(run("ffprobe", "-v", "error", "-show_streams", "-of", "json", file).toString()) as {
    streams: { index: number; codec_type: string; codec_name?: string }[];
  };
  const played = streams.filter(({ codec_type: type }) => type === "video" || type === "audio");
  const still = (name: string | undefined): boolean => name === "mjpeg" || name === "png";
  const films = played.some(({ codec_type: type, codec_name: name }) => type === "video" && !still(name));
  return played
    .filter(({ codec_type: type, codec_name: name }) => !(films && type === "video" && still(name)))
    .map(({ index }) => `0:${index}`);
};

const isVideo = (file: string): boolean =>
  [".mp4", ".mov", ".3gp", ".m4a", ".m4v", ".mkv", ".webm", ".mka"].includes(extname(file).toLowerCase());

const isMatroska = (file: string): boolean => [".mkv", ".webm", ".mka"].includes(extname(file).toLowerCase());

/** What mkvmerge, which is strict, says of a file: no warnings, and as many tracks of sound and pictures. */
const judgeMatroska = (file: string, output: string): void => {
  const identify = (
    path: string,
  ): {
    warnings: string[];
    errors: string[];
    tracks: { type: string }[];
    attachments: unknown[];
    chapters: unknown[];
    global_tags: unknown[];
    track_tags: unknown[];
  } => JSON.parse(run("mkvmerge", "-J", path).toString());
  const played = (path: string): number =>
    identify(path).tracks.filter(({ type }) => type === "video" || type === "audio").length;
  const { warnings, errors, attachments, chapters, global_tags: tags, track_tags: trackTags } = identify(output);
  assert.deepEqual([...warnings, ...errors, ...attachments, ...chapters, ...tags, ...trackTags], []);
  assert.equal(played(output), played(file), "mkvmerge sees other tracks");
  // It reads all blocks when it writes a file anew, and warns of what it has to skip.
  run("mkvmerge", "-q", "--abort-on-warnings", "-o", join(folder, "again.mkv"), output);
  const told = run("mkvinfo", output).toString();
  assert.doesNotMatch(told, /EBML void|CRC-32|Date|Title|Name:|UID: (?!\d{1,3}$)/mu);
};

let count = 0;
const refused: string[] = [];
const failed: string[] = [];

const judge = async (file: string, label: string, streams?: readonly string[]): Promise<void> => {
  const output = join(folder, `clean${extname(file).toLowerCase()}`);
  const reason = await clean(file, output);
  if (reason !== null) {
    refused.push(`${label}: ${reason}`);
    return;
  }
  try {
    if (isVideo(file)) {
      // Of files in fragments ffmpeg plays what their edit list leaves out, of others not.
      const how = readFileSync(file).includes("moof") ? ["-ignore_editlist", "1"] : [];
      sameFrames(frames(file, streams ?? streamsOf(file), ...how), frames(output, streams ?? ["0:v?", "0:a?"], ...how));
    }
    if (isMatroska(file)) judgeMatroska(file, output);
    if (!isVideo(file)) samePixels(file, output);
    const before = tagsOf(file);
    assert.deepEqual(tellingOf(tagsOf(output)), [], "ExifTool finds something");
    const bytes = readFileSync(output);
    assert.deepEqual(
      secretsOf(before).filter((secret) => holds(bytes, secret)),
      [],
      "bytes are left",
    );
    const source = await openFileSource(output);
    const found = await inspect(source);
    await source.close();
    assert.ok(found.ok && found.findings.length === 0 && found.trailingBytes === 0);
  } catch (error) {
    failed.push(`${label}: ${error instanceof Error ? error.message : String(error)}`);
    return;
  }
  count += 1;
};

const META = [
  "-metadata",
  "title=Marta",
  "-metadata",
  "location=+47.3769+008.5417/",
  "-metadata",
  "creation_time=2024-05-17T13:05:09Z",
  "-metadata",
  "comment=Musterfrau",
];
const PICTURES = ["-f", "lavfi", "-i", "testsrc2=size=320x240:rate=25:duration=3"];
const SOUND = ["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000:duration=3"];

const HDR =
  "log-level=error:master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1):max-cll=1000,400:repeat-headers=1";

/** Name, and how ffmpeg makes it of a test picture and a tone. */
const VIDEOS: readonly (readonly [string, ...string[]])[] = [
  ["h264-aac.mp4", "-c:v", "libx264", "-bf", "3", "-c:a", "aac"],
  ["h264-faststart.mp4", "-c:v", "libx264", "-c:a", "aac", "-movflags", "+faststart"],
  [
    "h264-fragments.mp4",
    "-c:v",
    "libx264",
    "-bf",
    "2",
    "-g",
    "25",
    "-c:a",
    "aac",
    "-movflags",
    "+frag_keyframe+empty_moov+default_base_moof",
  ],
  ["h264-fragments-moov.mp4", "-c:v", "libx264", "-g", "25", "-c:a", "aac", "-movflags", "+frag_keyframe"],
  [
    "h264-dash.mp4",
    "-c:v",
    "libx264",
    "-g",
    "25",
    "-c:a",
    "aac",
    "-movflags",
    "+dash+delay_moov",
    "-frag_duration",
    "500000",
  ],
  ["h264-interlaced.mp4", "-c:v", "libx264", "-x264opts", "interlaced=1", "-c:a", "aac"],
  ["h264-444.mp4", "-c:v", "libx264", "-pix_fmt", "yuv444p", "-c:a", "aac"],
  ["h264-pcm.mov", "-c:v", "libx264", "-c:a", "pcm_s16le"],
  ["h264-pcm24-timecode.mov", "-c:v", "libx264", "-c:a", "pcm_s24be", "-timecode", "10:00:00:00"],
  ["h264-mp3.mp4", "-c:v", "libx264", "-c:a", "libmp3lame"],
  ["h264-alac.mov", "-c:v", "libx264", "-c:a", "alac"],
  ["h264-tags.mov", "-c:v", "libx264", "-c:a", "aac", "-movflags", "use_metadata_tags"],
  ["hevc-aac.mp4", "-c:v", "libx265", "-x265-params", "log-level=error", "-tag:v", "hvc1", "-c:a", "aac"],
  ["hevc-hdr.mp4", "-c:v", "libx265", "-pix_fmt", "yuv420p10le", "-x265-params", HDR, "-tag:v", "hev1", "-c:a", "aac"],
  ["av1-opus.mp4", "-c:v", "libaom-av1", "-cpu-used", "8", "-t", "1", "-c:a", "libopus"],
  ["vp9-flac.mp4", "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "flac", "-strict", "-2"],
  ["mpeg4-ac3.mp4", "-c:v", "mpeg4", "-c:a", "ac3"],
  ["mpeg4-aac.mov", "-c:v", "mpeg4", "-bf", "2", "-c:a", "aac"],
  ["mpeg2-eac3.mp4", "-c:v", "mpeg2video", "-c:a", "eac3"],
  ["h263-aac.3gp", "-c:v", "h263", "-s", "352x288", "-c:a", "aac"],
  ["aac.m4a", "-vn", "-c:a", "aac"],
  ["h264-aac.mkv", "-c:v", "libx264", "-bf", "3", "-c:a", "aac"],
  ["h264-live.mkv", "-c:v", "libx264", "-g", "25", "-c:a", "aac", "-f", "matroska", "-live", "1"],
  ["hevc-flac.mkv", "-c:v", "libx265", "-x265-params", "log-level=error", "-c:a", "flac"],
  ["hevc-hdr.mkv", "-c:v", "libx265", "-pix_fmt", "yuv420p10le", "-x265-params", HDR, "-c:a", "libopus"],
  ["h264-mp3.mkv", "-c:v", "libx264", "-c:a", "libmp3lame"],
  ["h264-pcm.mkv", "-c:v", "libx264", "-c:a", "pcm_s16le"],
  ["h264-alac.mkv", "-c:v", "libx264", "-c:a", "alac"],
  ["mpeg4-ac3.mkv", "-c:v", "mpeg4", "-bf", "2", "-c:a", "ac3"],
  ["mpeg2-eac3.mkv", "-c:v", "mpeg2video", "-c:a", "eac3"],
  ["mpeg2-mp2.mkv", "-c:v", "mpeg2video", "-c:a", "mp2"],
  ["vp8-vorbis.webm", "-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libvorbis"],
  ["vp9-opus.webm", "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus"],
  ["vp9-live.webm", "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus", "-live", "1"],
  [
    "vp9-alpha.webm",
    "-vf",
    "format=yuva420p",
    "-c:v",
    "libvpx-vp9",
    "-deadline",
    "realtime",
    "-cpu-used",
    "8",
    "-c:a",
    "libopus",
  ],
  ["av1-opus.webm", "-c:v", "libaom-av1", "-cpu-used", "8", "-t", "1", "-c:a", "libopus"],
  ["opus.mka", "-vn", "-c:a", "libopus"],
];

const makeVideos = async (): Promise<void> => {
  for (const [name, ...how] of VIDEOS) {
    const file = join(folder, name);
    const made = spawnSync("ffmpeg", ["-v", "error", "-y", ...PICTURES, ...SOUND, ...META, ...how, file]);
    if (made.status !== 0) {
      console.log(`  this ffmpeg makes no ${name}`);
      continue;
    }
    await judge(file, name);
  }
  const first = join(folder, "h264-aac.mp4");
  const cut = join(folder, "cut.mp4");
  run("ffmpeg", "-v", "error", "-y", "-ss", "1.3", "-i", first, "-t", "1.1", "-c", "copy", cut);
  // AAC fills noise in by chance, counted from the first frame there is: without those cut away it is other noise.
  await judge(cut, "cut without encoding again", ["0:v"]);
  const turned = join(folder, "turned.mp4");
  run("ffmpeg", "-v", "error", "-y", "-i", first, "-c", "copy", "-metadata:s:v:0", "rotate=90", turned);
  await judge(turned, "turned");
  const cover = join(folder, "cover.m4a");
  run(
    "ffmpeg",
    "-v",
    "error",
    "-y",
    "-f",
    "lavfi",
    "-i",
    "testsrc2=size=64x64:duration=0.04",
    join(folder, "cover.png"),
  );
  run(
    "ffmpeg",
    "-v",
    "error",
    "-y",
    "-i",
    join(folder, "aac.m4a"),
    "-i",
    join(folder, "cover.png"),
    "-map",
    "0",
    "-map",
    "1",
    "-c",
    "copy",
    "-disposition:v:0",
    "attached_pic",
    cover,
  );
  const output = join(folder, "clean.m4a");
  assert.equal(await clean(cover, output), null);
  assert.equal(frames(output, ["0:a"]), frames(cover, ["0:a"]));
  count += 1;
};

/** What mkvmerge makes: blocks that share frames, chapters, attachments, tags, and parts that link to each other. */
const makeMatroska = async (): Promise<void> => {
  const chapters = join(folder, "chapters.txt");
  writeFileSync(chapters, "CHAPTER01=00:00:00.000\nCHAPTER01NAME=Marta at home\n");
  const tags = join(folder, "tags.xml");
  writeFileSync(
    tags,
    "<Tags><Tag><Simple><Name>RECORDING_LOCATION</Name><String>+47.3769+008.5417/</String></Simple></Tag></Tags>",
  );
  const subtitles = join(folder, "words.srt");
  writeFileSync(subtitles, "1\n00:00:00,000 --> 00:00:01,000\nMarta Musterfrau\n");
  for (const source of [
    "h264-aac.mp4",
    "h264-mp3.mp4",
    "mpeg2-eac3.mp4",
    "vp8-vorbis.webm",
    "hevc-flac.mkv",
    "h264-pcm.mov",
  ]) {
    const file = join(folder, `merged-${source}.mkv`);
    run(
      "mkvmerge",
      "-q",
      "-o",
      file,
      "--title",
      "Marta Musterfrau",
      "--chapters",
      chapters,
      "--global-tags",
      tags,
      "--track-name",
      "0:Marta",
      "--attach-file",
      chapters,
      join(folder, source),
      subtitles,
    );
    await judge(file, `mkvmerge of ${source}`);
  }
};

const EXIF = [
  "-Make=Acme",
  "-Model=Acme One",
  "-SerialNumber=SN-471107",
  "-GPSLatitude=47.3769",
  "-GPSLatitudeRef=N",
  "-GPSLongitude=8.5417",
  "-GPSLongitudeRef=E",
  "-DateTimeOriginal=2024:05:17 13:05:09",
  "-XMP:Creator=Marta",
];

const makePictures = async (): Promise<void> => {
  const source = join(folder, "source.png");
  run("ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", "testsrc2=size=322x242:duration=0.04", source);
  const jpeg = join(folder, "source.jpg");
  run("ffmpeg", "-v", "error", "-y", "-i", source, "-q:v", "3", jpeg);
  run("exiftool", "-q", "-overwrite_original", ...EXIF, jpeg);
  const made: readonly (readonly [string, string, readonly string[]])[] = [
    ["avifenc", "plain.avif", [jpeg]],
    ["avifenc", "turned.avif", ["--irot", "1", "--imir", "0", jpeg]],
    ["avifenc", "grid.avif", ["--grid", "2x2", join(folder, "tile.png")]],
    ["heif-enc", "plain.heic", [jpeg, "-o"]],
    ["heif-enc", "thumbnail.heic", ["-t", "80", jpeg, "-o"]],
    ["cjxl", "lossless.jxl", [jpeg]],
    ["cjxl", "pixels.jxl", ["-j", "0", jpeg]],
  ];
  run(
    "ffmpeg",
    "-v",
    "error",
    "-y",
    "-f",
    "lavfi",
    "-i",
    "testsrc2=size=256x256:duration=0.04",
    join(folder, "tile.png"),
  );
  for (const [program, name, args] of made) {
    if (!has(program)) throw new Error(`${program} is not installed`);
    const file = join(folder, `made-${name}`);
    const done = spawnSync(program, [...args, file]);
    if (done.status !== 0 || !existsSync(file)) {
      console.log(`  this ${program} makes no ${name}`);
      continue;
    }
    await judge(file, name);
  }
};

const cameraFiles = (): string[] => {
  if (!existsSync(camera)) {
    console.log("  no folder of camera files: only files made here were judged");
    return [];
  }
  return readdirSync(camera, { recursive: true, encoding: "utf8" })
    .map((name) => join(camera, name))
    .filter((name) => /\.(?:heic|heif|avif|jxl|mp4|mov|3gp|m4v|mkv|webm)$/iu.test(name) && statSync(name).isFile());
};

try {
  await makeVideos();
  await makeMatroska();
  await makePictures();
  for (const file of cameraFiles()) {
    const copy = join(folder, `camera${extname(file)}`);
    writeFileSync(copy, readFileSync(file));
    await judge(copy, file.slice(camera.length + 1));
  }
  for (const line of refused) console.log(`  refused: ${line}`);
  assert.deepEqual([...refused, ...failed], []);
  console.log(`videos, HEIC, AVIF, JPEG XL: ${count} files clean, with the same pictures and sound`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
