/**
 * WebP (RFC 9649): the chunks that hold pixels, transparency, animation and colour profile are kept, their reserved
 * bits and filling zero, the header's flags and size told anew.
 */
import { ascii, join, latin1, le32, sameBytes, startsWith, u32le } from "../core/bytes.ts";
import { Findings, sizeText } from "../core/findings.ts";
import type { Parser } from "../core/parsed.ts";
import { refuseText } from "../core/hidden-text.ts";
import { Output } from "../core/pieces.ts";
import { damaged, doubtful } from "../core/refuse.ts";
import { type Scanned, ScannedRanges } from "../core/scanned.ts";
import { reportTrailer } from "../core/trailer.ts";
import { Window } from "../core/window.ts";
import { onlyOrientation, orientationExif, reportExif } from "../exif/exif.ts";
import { cleanProfile, MAX_PROFILE_BYTES, reportProfile } from "../icc/profile.ts";
import { textOrSize } from "../text/decode.ts";
import { reportXmp } from "../text/xmp.ts";

const MAX_CHUNKS = 500_000;
const MAX_BODY_BYTES = 4 << 20;
const ICC_FLAG = 0x20;
const ALPHA_FLAG = 0x10;
const EXIF_FLAG = 0x08;
const ANIMATION_FLAG = 0x02;
const ANMF_HEADER_BYTES = 16;

interface Chunk {
  readonly type: string;
  /** Offset of the chunk's content. */
  readonly body: number;
  readonly lengthBytes: number;
}

class WebpReader {
  readonly findings = new Findings();
  readonly #window: Window;
  readonly #scanned: Scanned;
  #extended: Uint8Array | null = null;
  #profile: Uint8Array | null = null;
  #animation: Uint8Array | null = null;
  #orientation = 1;
  #exifSeen = false;
  #alphaSeen = false;
  readonly #pixels = new Output();
  #still = 0;
  #frames = 0;

  constructor(window: Window, scanned: Scanned) {
    this.#window = window;
    this.#scanned = scanned;
  }

  async read(one: Chunk, index: number): Promise<void> {
    const { type, lengthBytes, body } = one;
    if (type === "VP8X") {
      if (index !== 0 || lengthBytes !== 10) throw damaged("the extended header is wrong");
      this.#extended = await this.#window.take(body, 10);
      const reserved =
        this.#extended.subarray(1, 4).some((byte) => byte !== 0) || ((this.#extended[0] ?? 0) & 0xc1) !== 0;
      if (reserved) this.findings.add("other", "chunk VP8X", "reserved bits", "not zero", "low");
    } else if (type === "VP8 " || type === "VP8L") {
      if (this.#extended === null && index !== 0) throw damaged("pixels are in the wrong place");
      if (this.#still > 0 || this.#frames > 0) return this.#leaveOut(one, "hidden_media");
      await this.#checkPixels(one);
      this.#still = 1;
      await this.#copy(this.#pixels, one);
    } else if (type === "ALPH") {
      if (this.#extended === null || this.#still > 0 || this.#alphaSeen || this.#animation !== null)
        return this.#leaveOut(one, "other");
      this.#alphaSeen = true;
      await this.#copy(this.#pixels, one);
    } else if (type === "ANIM") {
      if (lengthBytes !== 6 || this.#animation !== null) return this.#leaveOut(one, "other");
      this.#animation = await this.#window.take(body, 6);
    } else if (type === "ANMF") await this.#readFrame(one);
    else if (type === "ICCP") await this.#readProfile(one);
    else if (type === "EXIF") await this.#readExif(one);
    else if (type === "XMP ") reportXmp(await this.#start(one), "chunk XMP", this.findings);
    else await this.#leaveOut(one, "other");
  }

  /** The first 4 MiB of a chunk. */
  #start({ body, lengthBytes }: Chunk): Promise<Uint8Array> {
    return this.#window.take(body, Math.min(lengthBytes, MAX_BODY_BYTES));
  }

  async #leaveOut(one: Chunk, kind: "other" | "hidden_media"): Promise<void> {
    const bytes = await this.#window.peek(one.body, Math.min(one.lengthBytes, 4096));
    const value = one.lengthBytes <= 4096 ? textOrSize(bytes) : sizeText(one.lengthBytes);
    if (one.type === "C2PA") this.findings.add("editing", "chunk C2PA", "content credentials", value, "high");
    else this.findings.add(kind, `chunk ${one.type}`, "data", value, kind === "other" ? "medium" : "high");
  }

  /** A key frame of VP8 (RFC 6386, 9.1) or the signature of VP8L (RFC 9649, 3.4), in a canvas that is no larger. */
  async #checkPixels({ type, body, lengthBytes }: Chunk): Promise<void> {
    const head = await this.#window.peek(body, 10);
    const right =
      type === "VP8L"
        ? lengthBytes >= 5 && head[0] === 0x2f
        : lengthBytes >= 10 && ((head[0] ?? 1) & 1) === 0 && head[3] === 0x9d && head[4] === 1 && head[5] === 0x2a;
    if (!right) throw damaged("the pixels are wrong");
  }

  /** Copies a chunk with its header; the byte that fills it to an even length is zero. */
  async #copy(output: Output, { body, lengthBytes }: Chunk): Promise<void> {
    if (lengthBytes === 0 || this.#scanned.known(body) !== lengthBytes) {
      await refuseText(this.#window, body, lengthBytes);
      this.#scanned.add(body, lengthBytes);
    }
    output.copy(body - 8, 8 + lengthBytes);
    if (lengthBytes % 2 === 0) return;
    const filling = await this.#window.peek(body + lengthBytes, 1);
    if (filling[0] === 0) output.copy(body + lengthBytes, 1);
    else {
      if (filling.length > 0) this.findings.add("other", "between chunks", "padding", "not zero", "low");
      output.add(Uint8Array.of(0));
    }
  }

  async #readFrame(one: Chunk): Promise<void> {
    if (this.#extended === null) throw damaged("an animation has no extended header");
    if (this.#animation === null || this.#still > 0) return this.#leaveOut(one, "hidden_media");
    if (one.lengthBytes < ANMF_HEADER_BYTES + 8) throw damaged("a frame is wrong");
    const header = await this.#window.take(one.body, ANMF_HEADER_BYTES);
    const clean = header.slice();
    clean[15] = (header[15] ?? 0) & 3;
    if (!sameBytes(clean, header)) this.findings.add("other", "chunk ANMF", "reserved bits", "not zero", "low");
    const content = new Output();
    let alpha = false;
    let pixels = false;
    await eachChunk(this.#window, one.body + ANMF_HEADER_BYTES, one.body + one.lengthBytes, async (part) => {
      if ((part.type === "VP8 " || part.type === "VP8L") && !pixels) {
        await this.#checkPixels(part);
        pixels = true;
        await this.#copy(content, part);
      } else if (part.type === "ALPH" && !alpha && !pixels) {
        alpha = true;
        await this.#copy(content, part);
      } else await this.#leaveOut(part, part.type.startsWith("VP8") ? "hidden_media" : "other");
    });
    if (!pixels) throw damaged("a frame has no pixels");
    this.#frames += 1;
    this.#pixels.add(join(ascii("ANMF"), le32(ANMF_HEADER_BYTES + content.sizeBytes), clean));
    this.#pixels.append(content);
  }

  async #readProfile(one: Chunk): Promise<void> {
    const body =
      one.lengthBytes > MAX_PROFILE_BYTES ? new Uint8Array(0) : await this.#window.take(one.body, one.lengthBytes);
    const clean = cleanProfile(body);
    if (this.#profile !== null || clean === null || this.#extended === null) {
      this.findings.add("other", "chunk ICCP", "colour profile", `${sizeText(one.lengthBytes)}, not usable`, "low");
      return;
    }
    reportProfile(body, "chunk ICCP", this.findings);
    this.#profile = clean;
  }

  async #readExif(one: Chunk): Promise<void> {
    const body = await this.#start(one);
    const tiff = startsWith(body, "Exif\0") ? body.subarray(6) : body;
    const first = !this.#exifSeen;
    this.#exifSeen = true;
    const only = onlyOrientation(tiff);
    if (first && only !== null && tiff === body) {
      this.#orientation = only;
      return;
    }
    const before = this.findings.list.length;
    const orientation = reportExif(tiff, "chunk EXIF", this.findings);
    if (this.findings.list.length === before)
      this.findings.add("other", "chunk EXIF", "Exif", sizeText(one.lengthBytes), "low");
    if (first) this.#orientation = orientation;
  }

  finish(): { readonly output: Output; readonly kept: readonly string[] } {
    if (this.#still === 0 && this.#frames === 0) throw damaged("the file has no pixels");
    const kept: string[] = [];
    const content = new Output();
    if (this.#extended !== null) {
      const turned = this.#orientation > 1;
      const flags =
        ((this.#extended[0] ?? 0) & ALPHA_FLAG) |
        (this.#profile === null ? 0 : ICC_FLAG) |
        (turned ? EXIF_FLAG : 0) |
        (this.#frames > 0 ? ANIMATION_FLAG : 0);
      content.add(join(ascii("VP8X"), le32(10), Uint8Array.of(flags, 0, 0, 0), this.#extended.subarray(4)));
      if (this.#profile !== null) {
        content.add(riffChunk("ICCP", this.#profile));
        kept.push("colour profile");
      }
      if (this.#frames > 0 && this.#animation !== null) {
        content.add(riffChunk("ANIM", this.#animation));
        kept.push("animation");
      }
      content.append(this.#pixels);
      if (turned) {
        content.add(riffChunk("EXIF", orientationExif(this.#orientation)));
        kept.push("orientation");
      }
    } else content.append(this.#pixels);
    const output = new Output();
    if (content.sizeBytes + 4 > 0xffff_fffe) throw doubtful("the file is larger than its format allows");
    output.add(join(ascii("RIFF"), le32(4 + content.sizeBytes), ascii("WEBP")));
    output.append(content);
    return { output, kept };
  }
}

const riffChunk = (type: string, body: Uint8Array): Uint8Array =>
  join(ascii(type), le32(body.length), body, new Uint8Array(body.length % 2));

const eachChunk = async (
  window: Window,
  start: number,
  end: number,
  read: (one: Chunk, index: number) => Promise<void>,
  check: () => void = () => {},
): Promise<void> => {
  let index = 0;
  for (let at = start; at < end; index += 1) {
    if (index > MAX_CHUNKS) throw doubtful("the file has too many chunks");
    if (index % 1024 === 0) check();
    if (at + 8 > end) throw damaged("a chunk's header is cut off");
    const head = await window.view(at, 8);
    const type = latin1(head, 0, 4);
    const lengthBytes = u32le(head, 4);
    if (at + 8 + lengthBytes > end) throw damaged("the file ends within a chunk");
    await read({ type, body: at + 8, lengthBytes }, index);
    at += 8 + lengthBytes + (lengthBytes % 2);
  }
};

export const parseWebp: Parser = async (source, { signal }, scanned = new ScannedRanges()) => {
  const window = new Window(source);
  const head = await window.view(0, 12);
  const said = 8 + u32le(head, 4);
  if (said > window.sizeBytes) throw damaged("the file is shorter than it says");
  const reader = new WebpReader(window, scanned);
  await eachChunk(
    window,
    12,
    said,
    (one, index) => reader.read(one, index),
    () => signal?.throwIfAborted(),
  );
  const { output, kept } = reader.finish();
  const end = Math.min(window.sizeBytes, said);
  await reportTrailer(window, end, reader.findings);
  return { findings: reader.findings, trailingBytes: window.sizeBytes - end, output, kept };
};
