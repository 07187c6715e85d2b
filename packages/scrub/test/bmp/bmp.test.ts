import assert from "node:assert/strict";
import { test } from "node:test";
import { makeProfile, planted, PLANTED, stripBytes } from "../files.ts";
import { type Case, proveCleaned, proveDamaged, proveRandom, proveTruncations } from "../prove.ts";

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

const WIDTH = 5;
const ROWS = 3;

/** Five by three pixels; 24 bits leave one byte of each row to be filled up. */
const makeBmp = (parts: Parts = {}): Buffer => {
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

/** What is shown, by the fields of the header: rows without what fills them up, and the colour table. */
const shown = (bytes: Buffer): Promise<unknown> => {
  const bits = bytes.readUInt16LE(28);
  const from = bytes.readUInt32LE(10);
  const stride = 4 * Math.ceil((WIDTH * bits) / 32);
  const rowBytes = Math.ceil((WIDTH * bits) / 8);
  const rows =
    bytes.readUInt32LE(30) === 1
      ? bytes.subarray(from, bytes.indexOf("\0\u0001", from, "latin1") + 2).toString("hex")
      : Array.from({ length: ROWS }, (_, y) =>
          bytes.subarray(from + y * stride, from + y * stride + rowBytes).toString("hex"),
        );
  const tableAt = 14 + bytes.readUInt32LE(14);
  const colours = bits <= 8 ? bytes.subarray(tableAt, tableAt + 4 * bytes.readUInt32LE(46)).toString("hex") : "";
  return Promise.resolve({ size: bytes.subarray(18, 34).toString("hex"), rows, colours });
};

const grey = Buffer.concat(Array.from({ length: 256 }, (_, i) => Buffer.from([i, i, i, 0])));
const filled = (): Buffer => {
  const pixels = Buffer.alloc(16 * ROWS, 7);
  Buffer.from("PLA").forEach((byte, row) => {
    pixels[16 * row + 15] = byte;
  });
  return pixels;
};
const runs = Buffer.from([5, 9, 0, 0, 5, 8, 0, 0, 0, 5, 1, 2, 3, 4, 5, 0, 0, 1]);

const cases: readonly Case[] = [
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

test("BMP: whatever is planted where, the output does not hold it, and shows the same pixels", async () => {
  await proveCleaned(
    cases.filter(({ name }) => !name.startsWith("reserved bytes of")),
    "bmp",
    shown,
  );
  const { outcome, bytes } = await stripBytes(cases.at(-1)!.bytes);
  assert.ok(outcome.ok);
  assert.equal(bytes[14 + 40 + 3], 0);
});

test("files that hold nothing come out as they were", async () => {
  for (const file of [
    makeBmp(),
    makeBmp({ height: -ROWS }),
    makeBmp({ bits: 8, colours: grey }),
    makeBmp({ bits: 1, colours: grey.subarray(0, 8) }),
    makeBmp({ bits: 8, compression: 1, colours: grey, pixels: runs }),
    makeBmp({ bits: 32, headerBytes: 108, compression: 3 }),
  ]) {
    const { outcome, bytes } = await stripBytes(file);
    assert.ok(outcome.ok);
    assert.deepEqual(bytes, file);
  }
});

test("what is not understood is refused by name", async () => {
  for (const [name, bytes, code] of [
    ["a JPEG within", makeBmp({ compression: 4, pixels: planted }), "scrub_unsupported"],
    ["rows that are missing", makeBmp().subarray(0, -5), "scrub_damaged"],
    [
      "run-length data without an end",
      makeBmp({ bits: 8, compression: 1, colours: grey, pixels: runs.subarray(0, -1) }),
      "scrub_damaged",
    ],
    [
      "a profile outside of the file",
      makeBmp({ headerBytes: 124, profile: makeProfile(PLANTED) }).subarray(0, -9),
      "scrub_damaged",
    ],
  ] as const) {
    const { outcome, writes } = await stripBytes(bytes);
    assert.equal(outcome.ok ? "cleaned" : outcome.code, code, name);
    assert.equal(writes, 0);
  }
});

test("every truncation", async () => {
  await proveTruncations(makeBmp({ gap: planted }));
  await proveTruncations(makeBmp({ headerBytes: 124, profile: makeProfile(PLANTED) }));
});

test("damage of every kind, and random bytes", async () => {
  // Uncompressed pixels are what they are: moved into them, the string would be shown.
  await proveDamaged(cases, 61, 1000, false);
  await proveRandom(makeBmp().subarray(0, 30), 62, 500);
});
