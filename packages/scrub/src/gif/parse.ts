/**
 * GIF (GIF89a specification): pictures, their timing, the loop count and the colour profile are kept; comments, other
 * application blocks and plain text go; pixel data is cut where its last pixel is.
 */
import { ascii, join, latin1, sameBytes, u16le } from "../core/bytes.ts";
import { TextWatch } from "../core/hidden-text.ts";
import { Findings, sizeText } from "../core/findings.ts";
import type { Parser } from "../core/parsed.ts";
import { Output } from "../core/pieces.ts";
import { damaged, doubtful } from "../core/refuse.ts";
import { reportTrailer } from "../core/trailer.ts";
import { Window } from "../core/window.ts";
import { cleanProfile, MAX_PROFILE_BYTES, reportProfile } from "../icc/profile.ts";
import { textOrSize } from "../text/decode.ts";
import { reportXmp } from "../text/xmp.ts";
import { LzwCounter } from "./lzw.ts";

const MAX_BLOCKS = 500_000;
const MAX_TEXT_BYTES = 1 << 20;
const TRAILER = 0x3b;
const IMAGE = 0x2c;
const EXTENSION = 0x21;
const GRAPHIC_CONTROL = 0xf9;
const COMMENT = 0xfe;
const PLAIN_TEXT = 0x01;
const APPLICATION = 0xff;

const tableBytes = (flags: number): number => ((flags & 0x80) === 0 ? 0 : 3 << ((flags & 7) + 1));

/** Sub-blocks (section 15) from `at`: each is given to `take`; answers the offset behind the last. */
const eachSubBlock = async (window: Window, at: number, take: (bytes: Uint8Array) => void): Promise<number> => {
  for (let next = at; ;) {
    const [size = 0] = await window.view(next, 1);
    if (size === 0) return next + 1;
    take(await window.view(next + 1, size));
    next += 1 + size;
  }
};

const subBlocks = (bytes: Uint8Array): Uint8Array => {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += 255) {
    const part = bytes.subarray(at, at + 255);
    parts.push(Uint8Array.of(part.length), part);
  }
  return join(...parts, Uint8Array.of(0));
};

class GifReader {
  readonly findings = new Findings();
  readonly output = new Output();
  readonly kept = new Set<string>();
  frames = 0;
  readonly #window: Window;
  #control: Uint8Array | null = null;
  #loops = false;
  #profile = false;
  /** The colour table for pictures without one of their own, and which of its colours any of them has. */
  readonly #table: Uint8Array;
  readonly #colours = new Uint8Array(256);

  constructor(window: Window, table: Uint8Array, background: number) {
    this.#window = window;
    this.#table = table;
    this.#colours[background] = 1;
  }

  /** A colour table in which colours that no pixel has are black: anything may be written there. */
  #cleanTable(table: Uint8Array, colours: Uint8Array): Uint8Array {
    const clean = table.slice();
    for (let i = 0; 3 * i < table.length; i += 1) if (colours[i] !== 1) clean.fill(0, 3 * i, 3 * i + 3);
    if (!sameBytes(clean, table))
      this.findings.add("other", "colour table", "colours that no pixel has", sizeText(table.length), "low");
    return clean;
  }

  /** The colour table for all pictures, once they are read. */
  globalTable(): Uint8Array {
    return this.#cleanTable(this.#table, this.#colours);
  }

  /** One extension; answers the offset behind it. */
  async readExtension(at: number): Promise<number> {
    const [label = 0] = await this.#window.view(at + 1, 1);
    if (label === GRAPHIC_CONTROL) return this.#readControl(at);
    const parts: Uint8Array[] = [];
    let size = 0;
    const end = await eachSubBlock(this.#window, at + 2, (bytes) => {
      size += bytes.length;
      if (size <= MAX_PROFILE_BYTES) parts.push(bytes.slice());
    });
    const name = label === APPLICATION ? latin1(parts[0] ?? new Uint8Array(0)) : "";
    if (name === "NETSCAPE2.0" || name === "ANIMEXTS1.0") this.#readLoop(parts, size, name);
    else if (name === "ICCRGBG1012") this.#readProfile(parts, size);
    else this.#leaveOut(label, name, parts, size, end - at);
    return end;
  }

  async #readControl(at: number): Promise<number> {
    const bytes = await this.#window.take(at, 8);
    if (bytes[2] !== 4) throw damaged("a frame's timing is wrong");
    const end = await eachSubBlock(this.#window, at + 2, () => {});
    if (end !== at + 8)
      this.findings.add("other", "graphic control", "appended data", sizeText(end - at - 8), "medium");
    const clean = bytes.slice();
    clean[3] = (bytes[3] ?? 0) & 0x1f;
    clean[7] = 0;
    if (clean[3] !== bytes[3]) this.findings.add("other", "graphic control", "reserved bits", "not zero", "low");
    if (this.#control !== null) this.findings.add("other", "graphic control", "unused timing", "1", "low");
    this.#control = clean;
    return end;
  }

  #readLoop(parts: readonly Uint8Array[], size: number, name: string): void {
    const [, data = new Uint8Array(0)] = parts;
    // Sub-block 1 is the loop count; 2, a buffer size, is from the time of modems.
    const usable = data.length >= 3 && ((data[0] ?? 0) & 7) === 1 && !this.#loops;
    if (!usable || parts.length !== 2 || size !== 14 || data[0] !== 1 || name !== "NETSCAPE2.0") {
      this.findings.add("other", "application extension", name, sizeText(size), "low");
    }
    if (!usable) return;
    this.#loops = true;
    this.kept.add("loop count");
    this.output.add(
      join(
        Uint8Array.of(EXTENSION, APPLICATION, 11),
        ascii("NETSCAPE2.0"),
        Uint8Array.of(3, 1),
        data.subarray(1, 3),
        Uint8Array.of(0),
      ),
    );
  }

  #readProfile(parts: readonly Uint8Array[], size: number): void {
    const profile = size > MAX_PROFILE_BYTES ? new Uint8Array(0) : join(...parts.slice(1));
    const clean = cleanProfile(profile);
    if (clean === null || this.#profile) {
      this.findings.add("other", "application extension", "colour profile", `${sizeText(size)}, not usable`, "low");
      return;
    }
    this.#profile = true;
    reportProfile(profile, "application extension ICC", this.findings);
    this.kept.add("colour profile");
    this.output.add(join(Uint8Array.of(EXTENSION, APPLICATION, 11), ascii("ICCRGBG1012"), subBlocks(clean)));
  }

  #leaveOut(label: number, name: string, parts: readonly Uint8Array[], size: number, whole: number): void {
    if (label === COMMENT) {
      const text = size <= MAX_TEXT_BYTES ? join(...parts) : new Uint8Array(0);
      this.findings.add("author", "comment extension", "Comment", textOrSize(text), "medium");
    } else if (label === PLAIN_TEXT) {
      this.findings.add("author", "plain text extension", "text", textOrSize(join(...parts.slice(1))), "medium");
    } else if (name.startsWith("XMP Data")) {
      // Its text is not cut into sub-blocks; the lengths among it are its own characters.
      const text = join(...parts.slice(1).map((part) => join(Uint8Array.of(part.length), part)));
      reportXmp(text, "application extension XMP", this.findings);
    } else if (label === APPLICATION) {
      this.findings.add("editing", "application extension", name.slice(0, 11), sizeText(whole), "medium");
    } else this.findings.add("other", "unknown extension", `extension ${label}`, sizeText(whole), "medium");
  }

  /** One picture; answers the offset behind it. */
  async readImage(at: number): Promise<number> {
    const head = await this.#window.take(at, 10);
    const flags = head[9] ?? 0;
    const colours = tableBytes(flags);
    const [minimum = 0] = await this.#window.view(at + 10 + colours, 1);
    if (minimum < 1 || minimum > 11) throw damaged("a picture's code size is wrong");
    const control = this.#control;
    if (control !== null) this.output.add(control);
    this.#control = null;
    if ((flags & 0x18) !== 0) {
      this.findings.add("other", "picture", "reserved bits", "not zero", "low");
      head[9] = flags & ~0x18;
    }
    this.output.add(head);
    this.frames += 1;
    const table = await this.#window.take(at + 10, colours);
    const used = colours > 0 ? new Uint8Array(256) : this.#colours;
    // A colour that stands for transparency is one that is used.
    if (control !== null && ((control[3] ?? 0) & 1) === 1) used[control[6] ?? 0] = 1;
    const pixels = new Output();
    const end = await this.#copyPixels(at + 11 + colours, minimum, u16le(head, 5) * u16le(head, 7), used, pixels);
    if (colours > 0) this.output.add(this.#cleanTable(table, used));
    this.output.copy(at + 10 + colours, 1);
    this.output.append(pixels);
    return end;
  }

  /** Copies sub-blocks up to the last pixel, puts the end code there, and leaves out what stands behind it. */
  async #copyPixels(start: number, minimum: number, size: number, used: Uint8Array, output: Output): Promise<number> {
    const counter = new LzwCounter(minimum, size);
    let lastAt = start;
    let bytesBefore = 0;
    let behind = 0;
    let at = start;
    let lastBlock: Uint8Array = new Uint8Array(0);
    let bytesAfter = 0;
    const watch = new TextWatch();
    const end = await eachSubBlock(this.#window, start, (bytes) => {
      if (counter.state === "open") {
        lastAt = at;
        bytesBefore = bytesAfter;
        lastBlock = bytes.slice();
        counter.push(bytes);
        if (counter.state === "open") watch.push(lastBlock);
      } else behind += bytes.length;
      bytesAfter += bytes.length;
      at += 1 + bytes.length;
    });
    for (const [colour, is] of counter.colours.entries()) if (is === 1) used[colour] = 1;
    if (counter.state === "broken") throw damaged("a picture's pixels are wrong");
    if (counter.state === "open") {
      // Cut off by its end: decoders leave the rest as it was.
      output.copy(start, end - start);
      return end;
    }
    const { code, bits } = counter.end;
    // The last block's bits up to the last pixel, then the end code, then zeros.
    const usedBits = counter.usedBits - 8 * bytesBefore;
    const tail = new Uint8Array(Math.ceil((usedBits + bits) / 8));
    tail.set(lastBlock.subarray(0, Math.ceil(usedBits / 8)));
    if (usedBits % 8 !== 0) {
      const at8 = usedBits >> 3;
      tail[at8] = (tail[at8] ?? 0) & ((1 << (usedBits % 8)) - 1);
    }
    for (let bit = 0; bit < bits; bit += 1) {
      const place = usedBits + bit;
      if (((code >> bit) & 1) === 1) tail[place >> 3] = (tail[place >> 3] ?? 0) | (1 << (place & 7));
    }
    watch.push(tail);
    const clean = subBlocks(tail);
    const before = await this.#window.take(lastAt, Math.min(end - lastAt, clean.length));
    const same = end - lastAt === clean.length && before.every((byte, i) => byte === clean[i]);
    if (!same && !this.#sameBytesOnly(behind, lastBlock, tail)) {
      this.findings.add(
        "other",
        "picture",
        "data behind the pixels",
        sizeText(behind + Math.max(0, lastBlock.length - tail.length)),
        "high",
      );
    }
    output.copy(start, lastAt - start);
    output.add(clean);
    return end;
  }

  /** Whether only the end code's place differs: not worth a finding by itself. */
  #sameBytesOnly(behind: number, lastBlock: Uint8Array, tail: Uint8Array): boolean {
    return behind <= 2 && lastBlock.length - tail.length <= 1;
  }

  finish(): void {
    if (this.#control !== null) this.findings.add("other", "graphic control", "unused timing", "1", "low");
    if (this.frames === 0) throw damaged("the file has no picture");
    if (this.frames > 1) this.kept.add("animation");
    this.output.add(Uint8Array.of(TRAILER));
  }
}

export const parseGif: Parser = async (source, { signal }) => {
  const window = new Window(source);
  const head = await window.take(0, 13);
  const colours = tableBytes(head[10] ?? 0);
  const reader = new GifReader(window, await window.take(13, colours), head[11] ?? 0);
  let at = 13 + colours;
  for (let count = 0; ; count += 1) {
    if (count > MAX_BLOCKS) throw doubtful("the file has too many blocks");
    if (count % 1024 === 0) signal?.throwIfAborted();
    // Viewers show a file that only lacks its last byte.
    if (at >= window.sizeBytes && reader.frames > 0) break;
    const [introducer] = await window.view(at, 1);
    if (introducer === TRAILER) {
      at += 1;
      break;
    }
    if (introducer === EXTENSION) at = await reader.readExtension(at);
    else if (introducer === IMAGE) at = await reader.readImage(at);
    else if (reader.frames > 0) break; // No block: decoders stop there, and so does the picture.
    else throw damaged("a block is of no kind that GIF has");
  }
  reader.finish();
  const output = new Output();
  output.add(join(head, reader.globalTable()));
  output.append(reader.output);
  await reportTrailer(window, at, reader.findings);
  return {
    findings: reader.findings,
    trailingBytes: Math.max(0, window.sizeBytes - at),
    output,
    kept: [...reader.kept],
  };
};
