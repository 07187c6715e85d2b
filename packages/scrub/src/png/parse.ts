/**
 * PNG and APNG (W3C PNG, third edition): chunks on the list are kept, checksums compared, pixel data cut at its own end.
 * An unknown chunk that says it is critical is a reason to refuse.
 */
import { ascii, be32, join, latin1, u32be } from "../core/bytes.ts";
import { crc32 } from "../core/crc32.ts";
import { Findings, sizeText } from "../core/findings.ts";
import type { Options, Parsed, Parser } from "../core/parsed.ts";
import { Output } from "../core/pieces.ts";
import { damaged, doubtful, unsupported } from "../core/refuse.ts";
import { type Scanned, ScannedRanges } from "../core/scanned.ts";
import { reportTrailer } from "../core/trailer.ts";
import { Window } from "../core/window.ts";
import { inflate } from "../deflate/inflate.ts";
import { store } from "../deflate/store.ts";
import { onlyOrientation, orientationExif, reportExif } from "../exif/exif.ts";
import { cleanProfile, MAX_PROFILE_BYTES, reportProfile } from "../icc/profile.ts";
import type { Source } from "../source.ts";
import { isSmall, isSmallKept, mustPrecedePixels, type PngHeader, readPngHeader, rowsBytes } from "./chunks.ts";
import { PixelStream } from "./pixels.ts";
import { reportOtherChunk, reportTextChunk } from "./text.ts";

const MAX_CHUNKS = 500_000;
/** What is read into memory of a chunk that isn't pixels. */
const MAX_BODY_BYTES = 4 << 20;

const chunk = (type: string, body: Uint8Array): Uint8Array => {
  const head = ascii(type);
  return join(be32(body.length), head, body, be32(crc32(body, crc32(head))));
};

interface Chunk {
  readonly type: string;
  /** Offset of the length field. */
  readonly at: number;
  readonly lengthBytes: number;
}

class PngReader {
  readonly findings = new Findings();
  readonly output = new Output();
  readonly kept = new Set<string>();
  readonly #window: Window;
  readonly #scanned: Scanned;
  readonly #seen = new Set<string>();
  #header: PngHeader | null = null;
  #pixels: PixelStream | null = null;
  #frame: PixelStream | null = null;
  #phase: "before" | "pixels" | "after" = "before";
  #sequence = 0;
  #frames = 0;
  #framesSaid = 0;
  #paletteEntries = 0;

  /** Where the chunks of pixels begin and end, as long as all of them are copied whole. */
  #pixelsFrom = -1;
  #pixelsTo = -1;
  #isKnown = false;

  constructor(window: Window, scanned: Scanned) {
    this.#window = window;
    this.#scanned = scanned;
  }

  async read(one: Chunk): Promise<void> {
    const { type } = one;
    if (this.#header === null) return this.#readHeader(one);
    if (this.#phase === "pixels" && type !== "IDAT") this.#phase = "after";
    if (type === "IDAT") return this.#readPixels(one);
    if (type === "fdAT") return this.#readFramePixels(one);
    if (type === "fcTL") return this.#readFrameControl(one);
    const body = await this.#body(one);
    if (body === null) return this.#leaveOut(one, new Uint8Array(0));
    if (isSmall(type) || type === "PLTE" || type === "tRNS") return this.#readSmall(one, body);
    if (type === "iCCP") return this.#readProfile(one, body);
    if (type === "eXIf") return this.#readExif(body);
    if (type === "CgBI") throw unsupported("PNG files optimised for iPhone apps are not cleaned here");
    if (((type.charCodeAt(0) >> 5) & 1) === 0) throw doubtful("a chunk that the picture needs is not known here");
    this.#leaveOut(one, body);
  }

  finish(): void {
    if (this.#pixels === null && !this.#isKnown) throw damaged("the file has no pixels");
    this.#pixels?.finish();
    if (this.#pixels !== null && this.#pixelsTo >= 0)
      this.#scanned.add(this.#pixelsFrom, this.#pixelsTo - this.#pixelsFrom, this.#pixels.expectedBytes);
    this.#frame?.finish();
    if (this.#frames !== this.#framesSaid) throw damaged("the animation has another number of frames than it says");
    this.output.add(chunk("IEND", new Uint8Array(0)));
  }

  /** The chunk's bytes if it is small enough and its checksum right; else null. */
  async #body({ type, at, lengthBytes }: Chunk): Promise<Uint8Array | null> {
    if (lengthBytes > MAX_BODY_BYTES) return null;
    const body = await this.#window.take(at + 8, lengthBytes);
    const sum = u32be(await this.#window.view(at + 8 + lengthBytes, 4), 0);
    if (sum === crc32(body, crc32(ascii(type)))) return body;
    if (((type.charCodeAt(0) >> 5) & 1) === 0) throw damaged("a chunk's checksum is wrong");
    return null;
  }

  #leaveOut({ type, lengthBytes }: Chunk, body: Uint8Array): void {
    if (type === "tEXt" || type === "zTXt" || type === "iTXt") reportTextChunk(type, body, this.findings);
    else reportOtherChunk(type, body, lengthBytes, this.findings);
  }

  #keep({ at, lengthBytes }: Chunk): void {
    this.output.copy(at, 12 + lengthBytes);
  }

  async #readHeader(one: Chunk): Promise<void> {
    const body = one.type === "IHDR" ? await this.#body(one) : null;
    if (one.type === "CgBI") throw unsupported("PNG files optimised for iPhone apps are not cleaned here");
    this.#header = body === null ? null : readPngHeader(body, (at) => u32be(body, at));
    if (this.#header === null) throw damaged("the header is wrong");
    this.#keep(one);
  }

  #readSmall(one: Chunk, body: Uint8Array): void {
    const { type, lengthBytes } = one;
    const colourType = this.#header?.colourType ?? 0;
    const late = this.#phase !== "before" && mustPrecedePixels(type);
    if (this.#seen.has(type) || late) {
      if (type === "PLTE") throw damaged("the palette is in the wrong place");
      this.#leaveOut(one, body);
      return;
    }
    if (type === "PLTE") {
      this.#seen.add(type);
      if (lengthBytes === 0 || lengthBytes % 3 !== 0 || lengthBytes > 768) throw damaged("the palette is wrong");
      // Elsewhere a palette is only a suggestion for screens of 256 colours.
      if (colourType !== 3) return reportOtherChunk(type, body, lengthBytes, this.findings);
      const most = 3 * 2 ** (this.#header?.bitDepth ?? 8);
      this.#paletteEntries = Math.min(lengthBytes, most) / 3;
      if (lengthBytes <= most) this.#keep(one);
      else {
        this.findings.add("other", "chunk PLTE", "palette", "entries that no pixel can name", "low");
        this.output.add(chunk(type, body.subarray(0, most)));
      }
      return;
    }
    if (type === "tRNS") {
      const fits =
        colourType === 0
          ? lengthBytes === 2
          : colourType === 2
            ? lengthBytes === 6
            : colourType === 3 && lengthBytes > 0 && lengthBytes <= this.#paletteEntries;
      if (!fits) return this.#leaveOut(one, body);
    } else if (!isSmallKept(type, lengthBytes, colourType)) return this.#leaveOut(one, body);
    this.#seen.add(type);
    if (type === "acTL") {
      this.#framesSaid = u32be(body, 0);
      this.kept.add("animation");
    }
    if (type === "pHYs") this.kept.add("pixel density");
    this.#keep(one);
  }

  #readProfile(one: Chunk, body: Uint8Array): void {
    const end = body.indexOf(0);
    const profile =
      end < 1 || end > 79 || body[end + 1] !== 0 ? null : inflate(body.subarray(end + 2), MAX_PROFILE_BYTES);
    const clean = profile === null ? null : cleanProfile(profile);
    if (this.#seen.has("iCCP") || this.#phase !== "before" || profile === null || clean === null) {
      this.findings.add("other", "chunk iCCP", "colour profile", `${sizeText(one.lengthBytes)}, not usable`, "low");
      return;
    }
    this.#seen.add("iCCP");
    const packed = store(clean);
    reportProfile(profile, "chunk iCCP", this.findings);
    const name = latin1(body, 0, end);
    if (name !== "icc") this.findings.add("device", "chunk iCCP", "profile name", name, "low");
    else if (packed.length !== body.length - end - 2 && this.findings.list.length === 0) {
      this.findings.add("other", "chunk iCCP", "colour profile", "compressed in another way", "low");
    }
    this.output.add(chunk("iCCP", join(ascii("icc\0\0"), packed)));
    this.kept.add("colour profile");
  }

  #readExif(body: Uint8Array): void {
    const tiff = latin1(body, 0, 4) === "Exif" ? body.subarray(6) : body;
    let orientation = this.#seen.has("eXIf") ? null : onlyOrientation(tiff);
    if (orientation === null || tiff !== body) {
      const before = this.findings.list.length;
      const read = reportExif(tiff, "chunk eXIf", this.findings);
      if (before === this.findings.list.length)
        this.findings.add("other", "chunk eXIf", "Exif", sizeText(body.length), "low");
      orientation = this.#seen.has("eXIf") ? null : read;
    }
    this.#seen.add("eXIf");
    if (orientation === null || orientation < 2) return;
    this.output.add(chunk("eXIf", orientationExif(orientation)));
    this.kept.add("orientation");
  }

  /**
   * The chunks of pixels that begin at `at`, if they were gone through when the original was read, and found right for as
   * many rows as the header tells: how many bytes they are. Else 0.
   */
  skipKnownPixels(at: number): number {
    const header = this.#header;
    // What is wrong with the place is said where they are read.
    if (header === null || this.#phase !== "before" || (header.colourType === 3 && this.#paletteEntries === 0))
      return 0;
    const known = this.#scanned.known(at, rowsBytes(header, header.width, header.height));
    if (known === 0) return 0;
    this.#isKnown = true;
    this.#phase = "after";
    this.output.copy(at, known);
    return known;
  }

  async #readPixels(one: Chunk): Promise<void> {
    const header = this.#header;
    if (header === null || this.#phase === "after") throw damaged("the pixels are in two places");
    if (header.colourType === 3 && this.#paletteEntries === 0) throw damaged("the palette is missing");
    this.#phase = "pixels";
    this.#pixels ??= new PixelStream(rowsBytes(header, header.width, header.height));
    const isFirst = this.#pixelsFrom < 0;
    const isWhole = await this.#copyPixels(one, this.#pixels, 0);
    if (isFirst) this.#pixelsFrom = one.at;
    if (!isWhole) this.#pixelsTo = -1;
    else if (isFirst || this.#pixelsTo === one.at) this.#pixelsTo = one.at + 12 + one.lengthBytes;
  }

  async #readFrameControl(one: Chunk): Promise<void> {
    const body = await this.#body(one);
    if (body === null) throw damaged("a frame's header is wrong");
    // Without acTL there is no animation, and such chunks mean nothing.
    if (this.#framesSaid === 0 || body.length !== 26) return this.#leaveOut(one, body);
    const [width, height] = [u32be(body, 4), u32be(body, 8)];
    const header = this.#header;
    const inside =
      header !== null &&
      width > 0 &&
      height > 0 &&
      u32be(body, 12) + width <= header.width &&
      u32be(body, 16) + height <= header.height;
    if (!inside || u32be(body, 0) !== this.#sequence) throw damaged("a frame's header is wrong");
    this.#sequence += 1;
    this.#frames += 1;
    this.#frame?.finish();
    this.#frame = null;
    if (this.#phase !== "before") this.#frame = new PixelStream(rowsBytes(header, width, height));
    else if (this.#frames > 1) throw damaged("the animation is out of order");
    this.#keep(one);
  }

  async #readFramePixels(one: Chunk): Promise<void> {
    if (this.#framesSaid === 0) {
      this.findings.add("hidden_media", "chunk fdAT", "frame without an animation", sizeText(one.lengthBytes), "high");
      return;
    }
    if (one.lengthBytes < 4 || this.#frame === null) throw damaged("a frame has no header");
    if (u32be(await this.#window.view(one.at + 8, 4), 0) !== this.#sequence) throw damaged("frames are out of order");
    this.#sequence += 1;
    await this.#copyPixels(one, this.#frame, 4);
  }

  /** Copies a chunk of pixels whose first `skip` bytes are no pixels. Answers whether all of it was copied. */
  async #copyPixels(one: Chunk, stream: PixelStream, skip: number): Promise<boolean> {
    const { type, at, lengthBytes } = one;
    const start = at + 8;
    const head = join(ascii(type), await this.#window.view(start, skip));
    const { needed, crc } = await stream.take(this.#window, start + skip, lengthBytes - skip, crc32(head));
    if (u32be(await this.#window.view(start + lengthBytes, 4), 0) !== crc) throw damaged("a chunk's checksum is wrong");
    const wanted = skip + needed;
    if (wanted === lengthBytes && (needed > 0 || skip > 0)) {
      this.#keep(one);
      return true;
    }
    this.findings.add("other", `chunk ${type}`, "data behind the pixels", sizeText(lengthBytes - wanted), "high");
    // A frame's chunk stays, though empty: its number is counted.
    if (needed === 0 && skip === 0) return false;
    let sum = crc32(head);
    for (let done = 0; done < needed;) {
      const bytes = await this.#window.view(start + skip + done, Math.min(1 << 18, needed - done));
      sum = crc32(bytes, sum);
      done += bytes.length;
    }
    this.output.add(join(be32(wanted), head));
    this.output.copy(start + skip, needed);
    this.output.add(be32(sum));
    return false;
  }
}

export const parsePng: Parser = async (
  source: Source,
  { signal }: Options,
  scanned: Scanned = new ScannedRanges(),
): Promise<Parsed> => {
  const window = new Window(source);
  const reader = new PngReader(window, scanned);
  reader.output.copy(0, 8);
  let at = 8;
  for (let count = 0; ; count += 1) {
    if (count > MAX_CHUNKS) throw doubtful("the file has too many chunks");
    if (count % 1024 === 0) signal?.throwIfAborted();
    const head = await window.view(at, 8);
    const lengthBytes = u32be(head, 0);
    const type = latin1(head, 4, 4);
    if (!/^[A-Za-z]{4}$/u.test(type) || lengthBytes > 0x7fff_ffff) throw damaged("a chunk's header is wrong");
    if (at + 12 + lengthBytes > window.sizeBytes) throw damaged("the file ends within a chunk");
    if (type === "IEND") {
      if (lengthBytes > 0) reportOtherChunk(type, new Uint8Array(0), lengthBytes, reader.findings);
      at += 12 + lengthBytes;
      break;
    }
    const known = type === "IDAT" ? reader.skipKnownPixels(at) : 0;
    if (known > 0) {
      at += known;
      continue;
    }
    await reader.read({ type, at, lengthBytes });
    at += 12 + lengthBytes;
  }
  reader.finish();
  await reportTrailer(window, at, reader.findings);
  const { findings, output, kept } = reader;
  return { findings, trailingBytes: window.sizeBytes - at, output, kept: [...kept] };
};
