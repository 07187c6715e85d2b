/** Supplemental enhancement information (ITU-T H.264, annex D; H.265, annex D): what showing needs, and what tells. */
import { join, latin1, startsWith } from "../core/bytes.ts";
import { type Findings, sizeText } from "../core/findings.ts";
import { doubtful } from "../core/refuse.ts";
import { textOrSize } from "../text/decode.ts";

/**
 * Payload types that are kept, with the most bytes that they have: recovery point, frame packing, display orientation,
 * mastering display, content light, alternative transfer, ambient viewing, content colour volume. The others are for
 * buffers of broadcasters, time codes, captions and whatever an encoder wanted to say.
 */
const KEPT: ReadonlyMap<number, number> = new Map([
  [6, 6],
  [45, 16],
  [47, 8],
  [137, 24],
  [144, 4],
  [147, 1],
  [148, 8],
  [149, 32],
]);

const NAMES: ReadonlyMap<number, string> = new Map([
  [0, "buffering period"],
  [1, "picture timing"],
  [4, "registered user data"],
  [5, "user data"],
  [132, "picture hash"],
  [136, "time code"],
]);

/** Says each kind of thing that is left out once, with how often it came. */
export class SeiReport {
  readonly #counts = new Map<string, { value: string; count: number; telling: boolean }>();
  #profileIdc: number | null = null;

  /** The profile of an H.264 track (A.2): some decoders look at x264's version for one of them. */
  set profileIdc(value: number) {
    this.#profileIdc = value;
  }

  unit(codec: string, header: number, sizeBytes: number): void {
    const type = codec === "avc" ? header & 31 : (header >> 1) & 63;
    if ((codec === "avc" && type === 6) || (codec === "hevc" && (type === 39 || type === 40))) return;
    this.#add(`unit of type ${type}`, sizeText(sizeBytes), false);
  }

  message(type: number, payload: Uint8Array): void {
    const name = NAMES.get(type) ?? `message ${type}`;
    if (type === 5) {
      this.#refuseNeeded(payload.subarray(16));
      this.#add(name, textOrSize(payload.subarray(16)), true);
    } else if (type === 4) {
      const captions = startsWith(payload.subarray(3), "GA94");
      this.#add(captions ? "captions" : name, sizeText(payload.length), captions);
    } else this.#add(name, sizeText(payload.length), type === 136);
  }

  #add(name: string, value: string, telling: boolean): void {
    const known = this.#counts.get(name);
    if (known !== undefined) known.count += 1;
    else if (this.#counts.size < 64) this.#counts.set(name, { value, count: 1, telling });
  }

  /**
   * ffmpeg decodes what x264 made before its build 34, and 4:4:4 before its build 151, by that build's own mistakes, and
   * knows it only from this text: without it, the pictures would be others.
   */
  #refuseNeeded(text: Uint8Array): void {
    const build = /^x264 - core (\d+)/u.exec(latin1(text, 0, 32))?.[1];
    if (build === undefined) return;
    if (Number(build) < 34 || (Number(build) < 151 && this.#profileIdc === 244))
      throw doubtful("the video was made by an early encoder, and decoding it needs the encoder's name");
  }

  write(where: string, findings: Findings): void {
    for (const [name, { value, count, telling }] of this.#counts) {
      const often = count > 1 ? `${value} (${count} times)` : value;
      findings.add(telling ? "editing" : "other", where, name, often, telling ? "medium" : "low");
    }
  }
}

/** A payload without the bytes that keep start codes from appearing (7.4.1). */
const unescape = (unit: Uint8Array): Uint8Array => {
  const plain = new Uint8Array(unit.length);
  let length = 0;
  let zeros = 0;
  for (const byte of unit) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    plain[length] = byte;
    length += 1;
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  return plain.subarray(0, length);
};

const escape = (plain: Uint8Array): Uint8Array => {
  const bytes: number[] = [];
  let zeros = 0;
  for (const byte of plain) {
    if (zeros >= 2 && byte <= 3) {
      bytes.push(3);
      zeros = 0;
    }
    bytes.push(byte);
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  return Uint8Array.from(bytes);
};

/** Only the end mark is left: a set bit, then zeros. */
const isEnd = (plain: Uint8Array, at: number): boolean =>
  at >= plain.length || (plain[at] === 0x80 && plain.subarray(at + 1).every((byte) => byte === 0));

/** "copy" if all messages may stay, "drop" if none, or the unit with those that may. */
export const cleanSei = (unit: Uint8Array, headBytes: number, report: SeiReport): "copy" | "drop" | Uint8Array => {
  const plain = unescape(unit);
  const kept: Uint8Array[] = [];
  let all = true;
  let at = headBytes;
  while (!isEnd(plain, at)) {
    const start = at;
    let type = 0;
    while (plain[at] === 0xff) {
      type += 255;
      at += 1;
    }
    type += plain[at] ?? 0;
    at += 1;
    let size = 0;
    while (plain[at] === 0xff) {
      size += 255;
      at += 1;
    }
    size += plain[at] ?? 0;
    at += 1;
    const payload = plain.subarray(at, at + size);
    const most = KEPT.get(type);
    if (at + size <= plain.length && most !== undefined && size <= most) kept.push(plain.slice(start, at + size));
    else {
      all = false;
      report.message(type, payload);
    }
    at += size;
  }
  if (kept.length === 0) return "drop";
  const clean = join(plain.subarray(0, headBytes), ...kept, Uint8Array.of(0x80));
  // Zeros behind the end mark, or an end mark that is missing, make it another one too.
  if (all && clean.length === plain.length) return "copy";
  return escape(clean);
};
