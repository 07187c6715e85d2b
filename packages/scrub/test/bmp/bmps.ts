/** BMP files with something planted, one for each place where something can be hidden. */
import { makeProfile, planted, PLANTED } from "../files.ts";
import type { Case } from "../prove.ts";

const le32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value | 0);
  return bytes;
};

interface Parts {
  readonly bits?: number;
  readonly compression?: number;
  readonly headerBytes?: number;
  readonly colours?: Buffer;
  readonly gap?: Buffer;
  readonly pixels?: Buffer;
  readonly profile?: Buffer;
  readonly profileKind?: string;
  readonly reserved?: Buffer;
  readonly height?: number;
}

export const WIDTH = 5;
export const ROWS = 3;

/** Five by three pixels; 24 bits leave one byte of each row to be filled up. */
export const makeBmp = (parts: Parts = {}): Buffer => {
  const {
    bits = 24,
    compression = 0,
    headerBytes = 40,
    colours = Buffer.alloc(0),
    gap = Buffer.alloc(0),
    profile,
    height = ROWS,
  } = parts;
  const stride = 4 * Math.ceil((WIDTH * bits) / 32);
  const rowBytes = Math.ceil((WIDTH * bits) / 8);
  const pixels =
    parts.pixels ??
    Buffer.from(Array.from({ length: stride * ROWS }, (_, i) => (i % stride < rowBytes ? 16 * (i % 13) : 0)));
  const header = Buffer.alloc(headerBytes);
  header.writeUInt32LE(headerBytes, 0);
  header.writeInt32LE(WIDTH, 4);
  header.writeInt32LE(height, 8);
  header.writeUInt16LE(1, 12);
  header.writeUInt16LE(bits, 14);
  header.writeUInt32LE(compression, 16);
  header.writeUInt32LE(pixels.length, 20);
  header.writeInt32LE(2835, 24);
  header.writeInt32LE(2835, 28);
  header.writeUInt32LE(colours.length / 4, 32);
  const before = 14 + headerBytes + colours.length + gap.length;
  if (profile !== undefined) {
    header.write(parts.profileKind ?? "DEBM", 56, "latin1");
    header.writeUInt32LE(before - 14 + pixels.length, 112);
    header.writeUInt32LE(profile.length, 116);
  }
  const size = before + pixels.length + (profile?.length ?? 0);
  return Buffer.concat([
    Buffer.from("BM"),
    le32(size),
    parts.reserved ?? Buffer.alloc(4),
    le32(before),
    header,
    colours,
    gap,
    pixels,
    profile ?? Buffer.alloc(0),
  ]);
};

export const grey = Buffer.concat(Array.from({ length: 256 }, (_, i) => Buffer.from([i, i, i, 0])));
const filled = (): Buffer => {
  const pixels = Buffer.alloc(16 * ROWS, 7);
  Buffer.from("PLA").forEach((byte, row) => {
    pixels[16 * row + 15] = byte;
  });
  return pixels;
};
export const runs = Buffer.from([5, 9, 0, 0, 5, 8, 0, 0, 0, 5, 1, 2, 3, 4, 5, 0, 0, 1]);

export const bmpCases: readonly Case[] = [
  ["a gap before the pixels", makeBmp({ gap: planted })],
  ["what fills rows up", makeBmp({ pixels: filled() })],
  ["behind the pixels", makeBmp({ pixels: Buffer.concat([makeBmp().subarray(54), planted]) })],
  ["behind the end", Buffer.concat([makeBmp(), planted])],
  ["reserved bytes", makeBmp({ reserved: Buffer.from("PLAN") })],
  ["an embedded profile", makeBmp({ headerBytes: 124, profile: makeProfile(PLANTED) })],
  ["a profile that is none", makeBmp({ headerBytes: 124, profile: planted })],
  [
    "a linked profile",
    makeBmp({ headerBytes: 124, profile: Buffer.from(`C:\\Users\\${PLANTED}\0`), profileKind: "KNIL" }),
  ],
  [
    "behind run-length data",
    makeBmp({ bits: 8, compression: 1, colours: grey, pixels: Buffer.concat([runs, planted]) }),
  ],
  [
    "reserved bytes of the colour table",
    makeBmp({ bits: 8, colours: Buffer.concat([Buffer.from([1, 2, 3, 0x50]), grey.subarray(4)]) }),
  ],
].map(([name, bytes]) => ({ name: String(name), bytes: bytes as Buffer }));
