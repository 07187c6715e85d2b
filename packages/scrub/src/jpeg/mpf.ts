/** The index of more pictures in one file (CIPA DC-007, Multi-Picture Format): where they are, and the index made anew. */
import { ascii, be16, be32, join, startsWith, u16be, u16le, u32be, u32le } from "../core/bytes.ts";

export const MPF_NAME = "MPF\0";
const ENTRY_BYTES = 16;
const MAX_PICTURES = 16;
const VERSION = 0xb000;
const COUNT = 0xb001;
const ENTRIES = 0xb002;
const UNDEFINED = 7;
const LONG = 4;

/** Offsets of the pictures behind the first, from the index's own byte order mark, which is 4 bytes into `body`. */
export const readPictureOffsets = (body: Uint8Array): readonly number[] => {
  const tiff = body.subarray(4);
  const little = startsWith(tiff, "II*\0");
  if (!little && !startsWith(tiff, "MM\0*")) return [];
  const u16 = little ? u16le : u16be;
  const u32 = little ? u32le : u32be;
  const directory = u32(tiff, 4);
  const count = Math.min(16, u16(tiff, directory));
  for (let i = 0; i < count; i += 1) {
    const at = directory + 2 + 12 * i;
    if (u16(tiff, at) !== ENTRIES) continue;
    const pictures = Math.min(MAX_PICTURES, Math.floor(u32(tiff, at + 4) / ENTRY_BYTES));
    const from = u32(tiff, at + 8);
    return Array.from({ length: pictures }, (_, n) => u32(tiff, from + ENTRY_BYTES * n + 8)).filter(
      (offset) => offset > 0,
    );
  }
  return [];
};

/** Type "baseline primary image" (5.2.3.3.1); a gain map's is not told. */
const PRIMARY = 0x03_0000;

/** The body of the segment for a picture and a second one; `offset` counts from the byte order mark. */
export const makeMpf = (primaryBytes: number, secondBytes: number, offset: number): Uint8Array => {
  const entry = (attribute: number, sizeBytes: number, at: number): Uint8Array =>
    join(be32(attribute), be32(sizeBytes), be32(at), be32(0));
  const field = (tag: number, type: number, count: number, value: Uint8Array): Uint8Array =>
    join(be16(tag), be16(type), be32(count), value);
  return join(
    ascii(`${MPF_NAME}MM\0*`),
    be32(8),
    be16(3),
    field(VERSION, UNDEFINED, 4, ascii("0100")),
    field(COUNT, LONG, 1, be32(2)),
    field(ENTRIES, UNDEFINED, 2 * ENTRY_BYTES, be32(50)),
    be32(0),
    entry(PRIMARY, primaryBytes, 0),
    entry(0, secondBytes, offset),
  );
};
