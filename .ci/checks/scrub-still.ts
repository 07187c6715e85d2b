/**
 * Independent judges of cleaned pictures, over every real file there is and over files that encoders made: ExifTool
 * reads them, their bytes are searched for what the originals said, decoders compare pixels. Prints a table of counts
 * and fails at the first count that is not whole.
 *
 * Real camera files are read where `../shared/data/camera` holds some (they are not part of the repository, for their
 * licences differ); without that folder only the made ones are judged, and a line says so.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { bytesSource, inspect, strip } from "../../packages/scrub/src/index.ts";
import { hdrSharp, iso, made as makeJpeg, PARAMETERS, xmp } from "../../packages/scrub/test/jpeg/ultra-hdr.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const camera = join(root, "../shared/data/camera");
const FORMATS = new Set(["jpeg", "png", "webp", "gif", "tiff", "bmp"]);

const run = (program: string, words: readonly string[]): Buffer | null => {
  const { status, stdout } = spawnSync(program, words, { maxBuffer: 1 << 30 });
  return status === 0 ? stdout : null;
};

const work = mkdtempSync(join(tmpdir(), "recourse-judge-"));
process.on("exit", () => rmSync(work, { recursive: true, force: true }));

const below = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? below(join(folder, entry.name)) : [join(folder, entry.name)],
  );

/** What is in each made file, however ExifTool calls it there. */
const PLANTED = "Planted";

/** ExifTool writes no BMP: a text between header and pixels, which move for it, and one behind the end. */
const plantInBmp = (bytes: Buffer): Buffer => {
  const pixelsAt = bytes.readUInt32LE(10);
  const text = Buffer.from(`${PLANTED} in the gap, before the pixels `);
  const planted = Buffer.concat([
    bytes.subarray(0, pixelsAt),
    text,
    bytes.subarray(pixelsAt),
    Buffer.from(`${PLANTED} behind the end`),
  ]);
  planted.writeUInt32LE(pixelsAt + text.length, 10);
  planted.writeUInt32LE(bytes.readUInt32LE(2) + text.length, 2);
  return planted;
};

/** Files that encoders make, with everything in them that ExifTool can write. */
const makeFiles = async (): Promise<readonly string[]> => {
  const photographs = join(root, "fixtures/photographs");
  const sources = readdirSync(photographs)
    .filter((name) => name.endsWith(".jpg"))
    .slice(0, 10);
  const made: string[] = [];
  for (const [index, name] of sources.entries()) {
    const picture = sharp(readFileSync(join(photographs, name)))
      .resize(640)
      .withIccProfile(index % 2 === 0 ? "p3" : "srgb");
    const orientation = 1 + (index % 8);
    const save = async (extension: string, bytes: Buffer): Promise<void> => {
      const path = join(work, `made-${index}.${extension}`);
      writeFileSync(path, bytes);
      run("exiftool", [
        "-q",
        "-overwrite_original",
        `-IFD0:Orientation#=${orientation}`,
        "-IFD0:Make=Planted Camera Works",
        "-IFD0:Model=Planted Model Nine",
        "-ExifIFD:SerialNumber=PLANTED0012345",
        "-ExifIFD:DateTimeOriginal=2024:05:17 13:05:09",
        "-GPSLatitude=47.3769",
        "-GPSLatitudeRef=N",
        "-GPSLongitude=8.5417",
        "-GPSLongitudeRef=E",
        "-XMP-dc:Creator=Planted Marta",
        "-XMP-photoshop:City=Planted Town",
        "-IPTC:By-line=Planted Marta",
        "-Comment=Planted comment",
        path,
      ]);
      made.push(path);
    };
    await save(
      "jpg",
      await picture
        .clone()
        .jpeg({ quality: 88, progressive: index % 3 === 0 })
        .toBuffer(),
    );
    await save(
      "png",
      await picture
        .clone()
        .png({ progressive: index % 3 === 0 })
        .toBuffer(),
    );
    await save(
      "webp",
      await picture
        .clone()
        .webp({ lossless: index % 3 === 0 })
        .toBuffer(),
    );
    const bmp = join(work, `made-${index}.bmp`);
    writeFileSync(`${bmp}.png`, await picture.clone().png().toBuffer());
    if (run("ffmpeg", ["-v", "error", "-i", `${bmp}.png`, "-pix_fmt", "bgr24", bmp]) === null)
      throw new Error("FFmpeg");
    writeFileSync(bmp, plantInBmp(readFileSync(bmp)));
    made.push(bmp);
    await save("gif", await picture.clone().resize(200).gif().toBuffer());
    const compression = (["none", "lzw", "deflate", "packbits", "jpeg"] as const)[index % 5] ?? "none";
    await save(
      "tif",
      await picture
        .clone()
        .tiff({ compression, tile: index % 4 === 0 })
        .toBuffer(),
    );
  }
  return made;
};

/**
 * Gain maps that are kept: what ExifTool takes out by the index of pictures has to be, before and after, a picture of the
 * same pixels by djpeg, and after it has to be all that stands behind the first. Written by libultrahdr, as sharp has it.
 */
const judgeGainMaps = async (files: readonly WithGainMap[]): Promise<void> => {
  const extract = (path: string): Buffer | null => run("exiftool", ["-b", "-MPImage2", path]);
  const decode = (name: string, bytes: Buffer): Buffer | null => {
    const path = join(work, name);
    writeFileSync(path, bytes);
    return run("djpeg", ["-pnm", path]);
  };
  let judged = 0;
  for (const [index, { path, map }] of files.entries()) {
    // The index of those by hand doesn't say how long the second picture is.
    const before = map ?? extract(path);
    const parts: Buffer[] = [];
    const sink = { write: (part: Uint8Array): void => void parts.push(Buffer.from(part)) };
    const outcome = await strip(bytesSource(readFileSync(path)), sink, { keepGainMap: true });
    const output = join(work, `gain-${index}.jpg`);
    writeFileSync(output, Buffer.concat(parts));
    const after = extract(output);
    const [was, is] = [before, after].map((found, n) =>
      found === null || found.length === 0 ? null : decode(`map-${index}-${n}.jpg`, found),
    );
    if (!outcome.ok || !outcome.kept.includes("gain map")) fail(path, "the gain map was not kept");
    else if (was === null || was === undefined || is === null || is === undefined || !was.equals(is))
      fail(path, "ExifTool and djpeg see another gain map");
    else if (after === null || !Buffer.concat(parts).subarray(-after.length).equals(after))
      fail(path, "what ExifTool calls the gain map is not what stands behind the picture");
    else if (pixelsOf(path, "jpeg") !== pixelsOf(output, "jpeg")) fail(path, "other pixels beside a gain map");
    else if (Buffer.concat(parts).includes(PLANTED)) fail(path, "a byte search finds what the original said");
    else judged += 1;
  }
  console.log(`gain maps kept, by ExifTool and djpeg: ${judged} of ${files.length}`);
};

interface WithGainMap {
  readonly path: string;
  readonly map?: Buffer;
}

/** Files by hand, for libultrahdr begins with one, and files that it wrote. */
const makeGainMaps = async (): Promise<readonly WithGainMap[]> => {
  const byHand = await Promise.all([[xmp(PARAMETERS)], [xmp(PARAMETERS), iso()], [iso()]].map((all) => makeJpeg(all)));
  const { bytes: first } = await makeJpeg([xmp(PARAMETERS)]);
  const written = await Promise.all([
    hdrSharp(first).keepGainMap().jpeg().toBuffer(),
    hdrSharp(first).withGainMap().jpeg().toBuffer(),
  ]);
  return [...byHand, ...written.map((bytes) => ({ bytes, map: undefined }))].map(({ bytes, map }, index) => {
    const path = join(work, `gain-map-${index}.jpg`);
    writeFileSync(path, bytes);
    return { path, ...(map !== undefined && { map }) };
  });
};

type Tags = Readonly<Record<string, unknown>>;
/** Of all files by one process: starting ExifTool takes longer than reading a file. */
const readTags = (paths: readonly string[]): readonly Tags[] => {
  const list = join(work, "list.txt");
  writeFileSync(list, paths.join("\n"));
  const { stdout } = spawnSync("exiftool", ["-json", "-G1", "-a", "-n", "-@", list], { maxBuffer: 1 << 30 });
  const bySource = new Map(
    (JSON.parse(stdout.toString("utf8")) as Tags[]).map((tags) => [String(tags["SourceFile"]), tags]),
  );
  return paths.map((path) => {
    const tags = bySource.get(path);
    if (tags === undefined) throw new Error("ExifTool did not answer for a file");
    return tags;
  });
};

/** Groups of ExifTool that say what a picture is and how it is coded. */
const HARMLESS_GROUP = /^(?:ExifTool|System|File|Composite|JFIF|PNG|GIF|RIFF|Adobe|SourceFile|ICC-|ICC_|APP14)/u;
const HARMLESS_IFD =
  /:(?:Orientation|ImageWidth|ImageHeight|BitsPerSample|Compression|PhotometricInterpretation|StripOffsets|StripByteCounts|SamplesPerPixel|RowsPerStrip|PlanarConfiguration|XResolution|YResolution|ResolutionUnit|Predictor|ColorMap|ExtraSamples|SampleFormat|FillOrder|T[46]Options|YCbCr\w+|ReferenceBlackWhite|SubfileType|OldSubfileType|TileWidth|TileLength|TileOffsets|TileByteCounts|JPEGTables|PageNumber|WhitePoint|PrimaryChromaticities|GrayResponse\w+|M(?:in|ax)SampleValue|HalftoneHints|Thresholding|TransferFunction)$/u;
const TELLING =
  /(?:Comment|Software|Author|Copyright|Artist|Creat(?:or|e)|Date(?!Time$)|Modify|GPS|Serial|Text|Title|Description|Make$|Model$|XMP|Warning)/u;

/**
 * Where JPEG is within strips (compression 7), ExifTool calls StripOffsets and StripByteCounts (tags 0x111 and 0x117)
 * by these names, and the strips themselves a preview. Where the strips have their own names, something else goes by these.
 */
const isStripOfJpeg = (tags: Tags, group: string, tag: string): boolean =>
  /^PreviewImage(?:Start|Length)?$/u.test(tag) &&
  tags[`${group}:Compression`] === 7 &&
  !(`${group}:StripOffsets` in tags) &&
  !(`${group}:TileOffsets` in tags);

const isClean = (tags: Tags): string | null => {
  for (const [name, value] of Object.entries(tags)) {
    const [group = "", tag = ""] = name.split(":");
    if (isStripOfJpeg(tags, group, tag)) continue;
    if (group === "IFD0" || /^IFD\d+$/u.test(group)) {
      if (!HARMLESS_IFD.test(name)) return name;
    } else if (!HARMLESS_GROUP.test(group)) return name;
    else if (
      (group === "PNG" || group === "GIF" || group === "File" || group === "JFIF" || group === "RIFF") &&
      TELLING.test(tag) &&
      group !== "File"
    )
      return name;
    else if (group === "File" && tag === "Comment") return name;
    else if (
      group === "ICC-header" &&
      /^(?:ProfileDateTime|DeviceManufacturer|DeviceModel|ProfileCreator|ProfileCMMType|ProfileID)$/u.test(tag)
    ) {
      if (/[1-9A-Za-z]/u.test(String(value))) return name;
    } else if (
      group.startsWith("ICC_Profile") &&
      /Description|Copyright|MakeAndModel/u.test(tag) &&
      String(value) !== ""
    )
      return name;
  }
  return null;
};

/** Texts of the original that must be nowhere in the bytes: make, model, serials, dates, places, as they were written. */
const secretsOf = (tags: Tags): readonly string[] => {
  const secrets = new Set<string>();
  for (const [name, value] of Object.entries(tags)) {
    if (
      !/:(?:Make|Model|\w*SerialNumber|\w*Date\w*|CameraModelName|Artist|Creator|City|By-line|Software|LensModel|OwnerName|GPSLatitude|GPSLongitude)$/u.test(
        name,
      )
    )
      continue;
    if (/^(?:File|System|ICC|Composite|ExifTool)/u.test(name)) continue;
    const text = String(value).trim();
    // Short ones ("A1", "1.0") may come up by chance.
    if (text.length >= 6) secrets.add(text);
  }
  return [...secrets];
};

/** Unsigned, and signed as some telephones write them. */
const RATIONALS = new Set([5, 10]);
const GPS_IFD = 0x8825;

/**
 * The 24 bytes of each GPSLatitude (tag 2) and GPSLongitude (tag 4): three rationals each, degrees, minutes, seconds.
 * Whatever looks like the head of a TIFF is followed, wherever in the file it stands, so this needs to know no format.
 */
const coordinatesIn = (bytes: Buffer): readonly Buffer[] => {
  const found: Buffer[] = [];
  for (const [mark, isLittle] of [
    ["II*\0", true],
    ["MM\0*", false],
  ] as const) {
    for (let head = bytes.indexOf(mark, 0, "latin1"); head >= 0; head = bytes.indexOf(mark, head + 1, "latin1")) {
      const within = bytes.subarray(head);
      const u16 = (at: number): number =>
        at + 2 > within.length ? 0 : isLittle ? within.readUInt16LE(at) : within.readUInt16BE(at);
      const u32 = (at: number): number =>
        at + 4 > within.length ? 0 : isLittle ? within.readUInt32LE(at) : within.readUInt32BE(at);
      const entriesAt = (at: number): readonly number[] => Array.from({ length: u16(at) }, (_, n) => at + 2 + 12 * n);
      for (const pointer of entriesAt(u32(4)).filter((at) => u16(at) === GPS_IFD)) {
        for (const at of entriesAt(u32(pointer + 8))) {
          if ((u16(at) !== 2 && u16(at) !== 4) || !RATIONALS.has(u16(at + 2)) || u32(at + 4) !== 3) continue;
          const value = within.subarray(u32(at + 8), u32(at + 8) + 24);
          // Zeros, as of a camera without a fix, come up by chance.
          if (value.length === 24 && value.some((byte) => byte > 1)) found.push(value);
        }
      }
    }
  }
  return found;
};

const holds = (bytes: Buffer, text: string): boolean =>
  bytes.includes(Buffer.from(text, "latin1")) ||
  bytes.includes(Buffer.from(text, "utf16le")) ||
  bytes.includes(Buffer.from(text, "utf8"));

/** Pixels by decoders that are not ours, the colour profile left aside; null where the original does not decode. */
const pixelsOf = (path: string, format: string): string | null => {
  const bytes =
    format === "jpeg"
      ? run("djpeg", ["-pnm", path])
      : format === "webp"
        ? (run("dwebp", [path, "-quiet", "-pam", "-o", "-"]) ??
          run("ffmpeg", ["-v", "error", "-i", path, "-f", "framemd5", "-"]))
        : run("ffmpeg", ["-v", "error", "-noautorotate", "-i", path, "-f", "framemd5", "-"]);
  return bytes === null || bytes.length === 0 ? null : bytes.toString("latin1");
};

const COLUMNS = [
  "files",
  "cleaned",
  "refused",
  "exiftool",
  "bytes",
  "had place",
  "place gone",
  "nothing behind",
  "pixels",
  "upright",
  "profile",
] as const;
type Column = (typeof COLUMNS)[number];
const table = new Map<string, Record<Column, number>>();
const failures: string[] = [];

interface Cleaned {
  readonly path: string;
  readonly output: string;
  readonly format: string;
  readonly bytes: Buffer;
  readonly before: string | null;
}

const countsOf = (format: string): Record<Column, number> => {
  const counts = table.get(format) ?? (Object.fromEntries(COLUMNS.map((name) => [name, 0])) as Record<Column, number>);
  table.set(format, counts);
  return counts;
};

const fail = (path: string, what: string): void => {
  failures.push(`${path.split("/").slice(-2).join("/")}: ${what}`);
};

/** Null where the file was refused. */
const clean = async (path: string, index: number): Promise<Cleaned | null> => {
  const parts: Buffer[] = [];
  const sink = { write: (part: Uint8Array): void => void parts.push(Buffer.from(part)) };
  const outcome = await strip(bytesSource(readFileSync(path)), sink);
  const { format } = outcome;
  if (!FORMATS.has(format)) return null;
  const counts = countsOf(format);
  counts.files += 1;
  const before = pixelsOf(path, format);
  if (!outcome.ok) {
    counts.refused += 1;
    if (parts.length > 0) fail(path, "refused, and something was written");
    if (before !== null) fail(path, `refused though it decodes: ${outcome.reason}`);
    return null;
  }
  counts.cleaned += 1;
  const bytes = Buffer.concat(parts);
  const output = join(work, `clean-${index}.${format}`);
  writeFileSync(output, bytes);
  return { path, output, format, bytes, before };
};

const orientationOf = (tags: Tags): number => {
  const value = Number(tags["IFD0:Orientation"] ?? 1);
  return value >= 1 && value <= 8 ? value : 1;
};
const hasProfile = (tags: Tags): boolean => Object.keys(tags).some((name) => /^ICC[_-]/u.test(name));

const judge = async ({ path, output, format, bytes, before }: Cleaned, was: Tags, is: Tags): Promise<void> => {
  const counts = countsOf(format);
  const check = (column: Column, isRight: boolean, what: string): void => {
    if (isRight) counts[column] += 1;
    else fail(path, what);
  };
  const left = isClean(is);
  check("exiftool", left === null, `ExifTool still sees ${left}`);
  const secrets = path.startsWith(work) ? [...secretsOf(was), PLANTED] : secretsOf(was);
  check("bytes", !secrets.some((text) => holds(bytes, text)), "a byte search finds what the original said");
  const places = coordinatesIn(readFileSync(path));
  if (places.length > 0) {
    counts["had place"] += 1;
    check("place gone", !places.some((place) => bytes.includes(place)), "the coordinates are still in the bytes");
  } else if (Number(was["GPS:GPSLatitude"] ?? 0) !== 0)
    fail(path, "ExifTool sees coordinates that were not searched for");
  const again = await inspect(bytesSource(bytes));
  check("nothing behind", again.ok && again.trailingBytes === 0, "something stands behind the end");
  check("pixels", before === pixelsOf(output, format), "other pixels");
  check("upright", orientationOf(is) === orientationOf(was), "not upright");
  check("profile", hasProfile(is) === hasProfile(was), "the colour profile is gone");
};

const real = existsSync(camera) ? below(camera).filter((path) => !path.endsWith(".md")) : [];
if (real.length === 0) console.log("no folder ../shared/data/camera here: real camera files are not judged");
const files = [...real, ...(await makeFiles())];
const cleaned: Cleaned[] = [];
for (const [index, path] of files.entries()) {
  const one = await clean(path, index);
  if (one !== null) cleaned.push(one);
}
const [was, is] = [readTags(cleaned.map(({ path }) => path)), readTags(cleaned.map(({ output }) => output))];
for (const [index, one] of cleaned.entries()) await judge(one, was[index] ?? {}, is[index] ?? {});

await judgeGainMaps(await makeGainMaps());

console.log(`${"".padEnd(6)}${COLUMNS.map((name) => name.padStart(15)).join("")}`);
for (const [format, counts] of table)
  console.log(format.padEnd(6) + COLUMNS.map((name) => String(counts[name]).padStart(15)).join(""));
for (const line of failures) console.error(line);
if (failures.length > 0) process.exitCode = 1;
