import assert from "node:assert/strict";
import { test } from "node:test";
import { makeProfile, planted, PLANTED, stripBytes } from "../files.ts";
import { bmpCases as cases, grey, makeBmp, ROWS, runs, WIDTH } from "./bmps.ts";
import { proveCleaned, proveDamaged, proveRandom, proveTruncations } from "../prove.ts";

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
