/**
 * BMP (Microsoft's BITMAPINFOHEADER to BITMAPV5HEADER, OS/2's BITMAPCOREHEADER): header, colour table and pixels are put
 * together anew without the gaps between them; what fills rows up is zero; a linked profile, which is a path, goes.
 */
import { join, latin1, le16, le32, u16le, u32le } from "../core/bytes.ts";
import { Findings, sizeText } from "../core/findings.ts";
import type { Parser } from "../core/parsed.ts";
import { Output } from "../core/pieces.ts";
import { damaged, unsupported } from "../core/refuse.ts";
import { reportTrailer } from "../core/trailer.ts";
import { Window } from "../core/window.ts";
import { MAX_PROFILE_BYTES, reportProfile } from "../icc/profile.ts";
import { textOrSize } from "../text/decode.ts";

const FILE_HEADER_BYTES = 14;
const CORE_HEADER_BYTES = 12;
const INFO_HEADER_BYTES = 40;
const V4_HEADER_BYTES = 108;
const V5_HEADER_BYTES = 124;
const HEADERS = [CORE_HEADER_BYTES, INFO_HEADER_BYTES, 52, 56, V4_HEADER_BYTES, V5_HEADER_BYTES];

const RLE8 = 1;
const RLE4 = 2;
const BITFIELDS = 3;
const ALPHA_BITFIELDS = 6;

/** LCS_sRGB, PROFILE_LINKED and PROFILE_EMBEDDED as they stand in the file. */
const SRGB = 0x7352_4742;
const LINKED = 0x4c49_4e4b;
const EMBEDDED = 0x4d42_4544;

interface Dib {
  readonly headerBytes: number;
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly compression: number;
  readonly coloursSaid: number;
}

const readDib = (bytes: Uint8Array): Dib => {
  const headerBytes = u32le(bytes, 0);
  if (!HEADERS.includes(headerBytes)) throw unsupported("this kind of BMP header is not cleaned here");
  const core = headerBytes === CORE_HEADER_BYTES;
  const width = core ? u16le(bytes, 4) : u32le(bytes, 4);
  const height = core ? u16le(bytes, 6) : Math.abs(u32le(bytes, 8) | 0);
  const planes = u16le(bytes, core ? 8 : 12);
  const bits = u16le(bytes, core ? 10 : 14);
  const compression = core ? 0 : u32le(bytes, 16);
  if (width < 1 || height < 1 || width > 0x7fff_ffff || planes !== 1) throw damaged("the header is wrong");
  if (![1, 2, 4, 8, 16, 24, 32].includes(bits)) throw unsupported("this kind of BMP is not cleaned here");
  const fits =
    compression === 0 ||
    (compression === RLE8 && bits === 8) ||
    (compression === RLE4 && bits === 4) ||
    ((compression === BITFIELDS || compression === ALPHA_BITFIELDS) && (bits === 16 || bits === 32));
  if (!fits) throw unsupported("this compression of BMP is not cleaned here");
  return { headerBytes, width, height, bits, compression, coloursSaid: core ? 0 : u32le(bytes, 32) };
};

/** Where run-length data ends: behind its end mark, or -1. */
const runLengthEnd = async (window: Window, start: number, bits: number): Promise<number> => {
  for (let at = start; at + 2 <= window.sizeBytes;) {
    const [count = 0, value = 0] = await window.view(at, 2);
    at += 2;
    if (count > 0) continue;
    if (value === 1) return at;
    if (value === 2) at += 2;
    else if (value > 2) {
      const pixels = bits === 8 ? value : (value + 1) >> 1;
      at += pixels + (pixels % 2);
    }
  }
  return -1;
};

export const parseBmp: Parser = async (source, { signal }) => {
  const window = new Window(source);
  const findings = new Findings();
  const kept: string[] = [];
  const file = await window.take(0, FILE_HEADER_BYTES);
  const head = await window.take(FILE_HEADER_BYTES, 4);
  const dib = readDib(join(head, await window.take(18, Math.max(0, Math.min(V5_HEADER_BYTES, u32le(head, 0)) - 4))));
  const { headerBytes, width, height, bits, compression } = dib;
  const header = await window.take(FILE_HEADER_BYTES, headerBytes);
  if (file.subarray(6, 10).some((byte) => byte !== 0)) {
    findings.add("other", "file header", "reserved bytes", textOrSize(file.subarray(6, 10)), "low");
  }
  let at = FILE_HEADER_BYTES + headerBytes;
  // With the oldest header, the masks stand behind it.
  const maskBytes =
    headerBytes === INFO_HEADER_BYTES ? ({ [BITFIELDS]: 12, [ALPHA_BITFIELDS]: 16 }[compression] ?? 0) : 0;
  const masks = await window.take(at, maskBytes);
  at += maskBytes;
  const entryBytes = headerBytes === CORE_HEADER_BYTES ? 3 : 4;
  const most = bits <= 8 ? 2 ** bits : 0;
  const said = dib.coloursSaid === 0 ? most : dib.coloursSaid;
  const colours = Math.min(said, most);
  if (said > most) findings.add("other", "colour table", "entries that no pixel can name", String(said - most), "low");
  const table = await window.take(at, colours * entryBytes);
  if (entryBytes === 4) {
    for (let i = 3; i < table.length; i += 4) {
      // The fourth byte of an entry is reserved; some programs write 255.
      if (table[i] !== 0 && table[i] !== 255)
        findings.add("other", "colour table", "reserved bytes", "not zero", "low");
      if (table[i] !== 0) table[i] = table[i] === 255 ? 255 : 0;
    }
  }
  const pixelsAt = u32le(file, 10);
  if (pixelsAt < at || pixelsAt >= window.sizeBytes) throw damaged("the pixels lie outside of the file");
  const gap = pixelsAt - at - table.length;
  if (gap < 0) throw damaged("the pixels begin within the colour table");
  if (gap > 0)
    findings.add(
      "other",
      "before the pixels",
      "gap",
      textOrSize((await window.peek(at + table.length, Math.min(gap, 256))).slice()),
      gap > 64 ? "high" : "low",
    );

  const pixels = new Output();
  const rowBits = width * bits;
  const rowBytes = Math.ceil(rowBits / 8);
  const strideBytes = 4 * Math.ceil(rowBits / 32);
  let pixelsEnd: number;
  if (compression === RLE8 || compression === RLE4) {
    pixelsEnd = await runLengthEnd(window, pixelsAt, bits);
    if (pixelsEnd < 0 || pixelsEnd > window.sizeBytes) throw damaged("the pixels have no end");
    pixels.copy(pixelsAt, pixelsEnd - pixelsAt);
  } else {
    pixelsEnd = pixelsAt + strideBytes * height;
    if (pixelsEnd > window.sizeBytes) throw damaged("pixels are missing");
    const fill = strideBytes - rowBytes;
    let filled = 0;
    if (fill === 0) pixels.copy(pixelsAt, strideBytes * height);
    for (let row = 0; fill > 0 && row < height; row += 1) {
      if (row % 4096 === 0) signal?.throwIfAborted();
      const start = pixelsAt + row * strideBytes;
      const dirty = (await window.view(start + rowBytes, fill)).some((byte) => byte !== 0);
      pixels.copy(start, dirty ? rowBytes : strideBytes);
      if (!dirty) continue;
      filled += fill;
      pixels.add(new Uint8Array(fill));
    }
    if (filled > 0) findings.add("other", "pixels", "what fills rows up", sizeText(filled), "high");
  }

  const cleanHeader = headerBytes < INFO_HEADER_BYTES ? header : header.slice();
  let profile: Uint8Array | null = null;
  let end = pixelsEnd;
  if (headerBytes >= INFO_HEADER_BYTES) {
    cleanHeader.set(le32(pixels.sizeBytes), 20);
    cleanHeader.set(le32(dib.coloursSaid === 0 ? 0 : colours), 32);
    cleanHeader.set(le32(Math.min(u32le(header, 36), colours)), 36);
    if (u32le(header, 24) !== 0) kept.push("pixel density");
  }
  if (headerBytes === V5_HEADER_BYTES) {
    const kind = u32le(header, 56);
    const [profileAt, profileBytes] = [FILE_HEADER_BYTES + u32le(header, 112), u32le(header, 116)];
    cleanHeader.fill(0, 112, 124);
    if (kind === LINKED || kind === EMBEDDED) {
      const there = profileAt >= pixelsEnd && profileAt + profileBytes <= window.sizeBytes;
      if (!there || profileBytes > MAX_PROFILE_BYTES) throw damaged("the profile lies outside of the file");
      const body = await window.take(profileAt, profileBytes);
      if (profileAt > pixelsEnd) {
        findings.add(
          "other",
          "before the profile",
          "gap",
          sizeText(profileAt - pixelsEnd),
          profileAt - pixelsEnd > 64 ? "high" : "low",
        );
      }
      end = profileAt + profileBytes;
      if (kind === LINKED) findings.add("author", "header", "linked profile", latin1(body, 0, 200), "high");
      else {
        profile = reportProfile(body, "profile", findings);
      }
      if (profile === null) cleanHeader.set(le32(SRGB), 56);
      else {
        kept.push("colour profile");
        const offset = headerBytes + maskBytes + table.length + pixels.sizeBytes;
        cleanHeader.set(join(le32(offset), le32(profile.length)), 112);
      }
    } else if (header.subarray(112, 124).some((byte) => byte !== 0)) {
      findings.add("other", "header", "reserved bytes", "not zero", "low");
    }
  }
  const before = FILE_HEADER_BYTES + headerBytes + maskBytes + table.length;
  const sizeBytes = before + pixels.sizeBytes + (profile?.length ?? 0);
  const output = new Output();
  output.add(join(Uint8Array.of(0x42, 0x4d), le32(sizeBytes), le16(0), le16(0), le32(before)));
  output.add(join(cleanHeader, masks, table));
  output.append(pixels);
  if (profile !== null) output.add(profile);
  await reportTrailer(window, end, findings);
  return { findings, trailingBytes: window.sizeBytes - end, output, kept };
};
