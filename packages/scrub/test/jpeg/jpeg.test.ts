import assert from "node:assert/strict";
import { before, test } from "node:test";
import sharp from "sharp";
import { proveDamaged, proveRandom, proveTruncations } from "../prove.ts";
import {
  asciiEntry,
  encoder,
  holdsPlanted,
  inspectBytes,
  makeProfile,
  makeTiff,
  PLANTED,
  pixels,
  rationals,
  stripBytes,
  type TiffEntry,
} from "../files.ts";
import {
  exifSegment,
  type JpegCase,
  jpegCases,
  markersOf,
  plainJpeg,
  progressiveJpeg,
  segment,
  withSegments,
} from "./jpegs.ts";

let cases: readonly JpegCase[] = [];
before(async () => {
  cases = await jpegCases();
});

test("whatever is planted where, the output does not hold it, and shows the same pixels", async () => {
  assert.ok(cases.length > 40);
  for (const { name, bytes } of cases) {
    const found = await inspectBytes(bytes);
    assert.ok(found.ok && found.findings.length > 0, `${name}: nothing found`);
    const { outcome, bytes: clean } = await stripBytes(bytes);
    assert.ok(outcome.ok, `${name}: ${outcome.ok || outcome.reason}`);
    assert.equal(holdsPlanted(clean), false, name);
    assert.deepEqual(outcome.removed, found.findings, name);
    assert.equal(outcome.sizeBytes, clean.length, name);
    assert.deepEqual(await pixels(clean), await pixels(bytes), name);
    assert.deepEqual(await inspectBytes(clean), { ok: true, format: "jpeg", findings: [], trailingBytes: 0 }, name);
    assert.deepEqual((await stripBytes(clean)).bytes, clean, `${name}: not the same when cleaned again`);
  }
});

test("GPS is told in decimal degrees, dates as dates", async () => {
  const found = await inspectBytes(withSegments(await plainJpeg(), exifSegment()));
  assert.ok(found.ok);
  const values = Object.fromEntries(found.findings.map(({ name, value }) => [name, value]));
  assert.equal(values["GPSPosition"], "47.3769, 8.5417");
  assert.equal(values["GPSDateStamp"], "2024-05-17");
  assert.equal(values["GPSTimeStamp"], "13:05:09");
  assert.equal(values["GPSAltitude"], "408 m");
  assert.equal(values["Make"], PLANTED);
  const position = found.findings.find(({ name }) => name === "GPSPosition");
  assert.deepEqual(position, {
    kind: "location",
    where: "APP1 Exif, GPS",
    name: "GPSPosition",
    value: "47.3769, 8.5417",
    severity: "high",
  });
});

test("a directory of GPS that knows no place is a weak clue, and so is a field that is empty", async () => {
  const version = { tag: 0, type: 1, count: 4, data: Buffer.from([2, 3, 0, 0]) };
  const unknown = { tag: 6, type: 5, count: 1, data: Buffer.alloc(8) };
  const exif = (gps: readonly TiffEntry[]): Buffer =>
    segment(0xe1, Buffer.from("Exif\0\0"), makeTiff([asciiEntry(0x013b, "  ")], gps));
  const found = await inspectBytes(withSegments(await plainJpeg(), exif([version])));
  assert.ok(found.ok);
  assert.deepEqual(
    found.findings.map(({ name, value, severity }) => [name, value, severity]),
    [
      ["Artist", "", "low"],
      ["GPS directory", "1 entry", "low"],
    ],
  );
  const placed = await inspectBytes(withSegments(await plainJpeg(), exif([version, unknown, rationals(2, 47, 22, 0)])));
  assert.ok(placed.ok);
  assert.deepEqual(
    placed.findings.slice(1).map(({ name, value, severity }) => [name, value, severity]),
    [
      ["GPSAltitude", "", "low"],
      ["GPS directory", "3 entries", "high"],
    ],
  );
});

test("a thumbnail of no bytes is no picture", async () => {
  const exif = makeTiff([asciiEntry(0x0131, "Acme")]);
  // A second directory behind the first: an offset of a thumbnail, and its length.
  const next = exif.length;
  exif.writeUInt32BE(next, 8 + 2 + 12);
  const second = (length: number): Buffer =>
    Buffer.concat([
      exif,
      Buffer.from([0, 2, 0x02, 0x01, 0, 4, 0, 0, 0, 1, 0, 0, 0, 8, 0x02, 0x02, 0, 4, 0, 0, 0, 1, 0, 0, 0, length]),
      Buffer.alloc(4),
    ]);
  const namesOf = async (length: number): Promise<readonly string[]> => {
    const found = await inspectBytes(
      withSegments(await plainJpeg(), segment(0xe1, Buffer.from("Exif\0\0"), second(length))),
    );
    assert.ok(found.ok);
    return found.findings.map(({ name }) => name);
  };
  assert.deepEqual(await namesOf(4), ["Software", "Thumbnail", "camera settings"]);
  assert.deepEqual(await namesOf(0), ["Software", "camera settings"]);
});

test("what Olympus and GoPro write of their own is read", async () => {
  const olympus = segment(
    0xec,
    Buffer.from(
      "OLYMPUS OPTICAL CO.,LTD.\0\r\n[picture info]\r\nTimeDate=909698819\r\nFlash=1\r\n[camera info]\r\nType=SR55\r\nSerial#=#00000001\r\n",
    ),
  );
  const gopro = segment(
    0xe6,
    Buffer.from("GoPro\0DEVC\0\u0001\0\u0014CASNc\u0008\0\u0001C3471107MINFc\u0000\0\u0000", "latin1"),
  );
  const found = await inspectBytes(withSegments(await plainJpeg(), olympus, gopro));
  assert.ok(found.ok);
  assert.deepEqual(
    found.findings.map(({ kind, where, name, value }) => [kind, where, name, value]),
    [
      ["time", "APP12", "TimeDate", "1998-10-29T22:06:59"],
      ["device", "APP12", "Type", "SR55"],
      ["device", "APP12", "SerialNumber", "#00000001"],
      ["device", "APP12", "picture info", "117 bytes"],
      ["device", "APP6", "GoPro data", "38 bytes"],
      ["device", "APP6 GoPro", "SerialNumber", "C3471107"],
    ],
  );
});

test("the place in a picture behind the end is found as well", async () => {
  const plain = await plainJpeg();
  const hidden = withSegments(plain, exifSegment());
  const found = await inspectBytes(Buffer.concat([plain, hidden]));
  assert.ok(found.ok);
  assert.equal(found.trailingBytes, hidden.length);
  assert.ok(
    found.findings.some(({ name, where }) => name === "GPSPosition" && where.startsWith("picture after the end")),
  );
});

test("each orientation stays, and is all that its Exif holds", async () => {
  for (let orientation = 1; orientation <= 8; orientation += 1) {
    const { outcome, bytes } = await stripBytes(withSegments(await plainJpeg(), exifSegment(orientation)));
    assert.ok(outcome.ok);
    const { orientation: read, exif } = await sharp(bytes).metadata();
    assert.equal(read ?? 1, orientation);
    assert.equal(exif?.length ?? 0, orientation === 1 ? 0 : 32);
    assert.equal(outcome.kept.includes("orientation"), orientation !== 1);
  }
});

test("a colour profile keeps its colours and nothing else", async () => {
  const profile = makeProfile(PLANTED);
  const { bytes } = await stripBytes(
    withSegments(await plainJpeg(), segment(0xe2, Buffer.from("ICC_PROFILE\0\u0001\u0001", "latin1"), profile)),
  );
  const { icc } = await sharp(bytes).metadata();
  assert.ok(icc !== undefined);
  assert.equal(icc.readUInt32BE(0), icc.length);
  for (const name of ["rXYZ", "gXYZ", "bXYZ", "wtpt", "rTRC", "gTRC", "bTRC"]) assert.ok(icc.includes(name), name);
  assert.equal(icc.includes("priv"), false);
  assert.deepEqual(icc.subarray(24, 36), Buffer.alloc(12));
  assert.deepEqual(icc.subarray(84, 100), Buffer.alloc(16));
});

test("CMYK with an Adobe segment, arithmetic and restart markers and grey come out with the same pixels", async () => {
  const files = [
    await encoder().toColourspace("cmyk").jpeg().toBuffer(),
    await encoder().greyscale().jpeg().toBuffer(),
    await encoder().jpeg({ chromaSubsampling: "4:4:4", optimiseScans: true }).toBuffer(),
    await progressiveJpeg(),
  ];
  for (const file of files) {
    const { outcome, bytes } = await stripBytes(file);
    assert.ok(outcome.ok);
    assert.deepEqual(await pixels(bytes), await pixels(file));
  }
});

test("a file cut off within its picture gets an end; one cut off before is refused", async () => {
  const plain = await plainJpeg();
  const scan = markersOf(plain).find(({ marker }) => marker === 0xda)!;
  const cut = plain.subarray(0, scan.at + 300);
  const { outcome, bytes } = await stripBytes(cut);
  assert.ok(outcome.ok);
  assert.deepEqual(bytes.subarray(-2), Buffer.from([0xff, 0xd9]));
  assert.deepEqual(await pixels(bytes), await pixels(cut));
  const early = await stripBytes(plain.subarray(0, scan.at));
  assert.deepEqual([early.outcome.ok, early.writes], [false, 0]);
});

test("a hundred thousand segments are gone through, and the report stays small", async () => {
  const comments = Buffer.concat(Array.from({ length: 100_000 }, () => segment(0xfe, Buffer.from(PLANTED))));
  const file = withSegments(await plainJpeg(), comments);
  const found = await inspectBytes(file);
  assert.ok(found.ok && found.findings.length <= 2001);
  assert.equal(found.findings.at(-1)?.name, "more findings");
  const { outcome, bytes } = await stripBytes(file);
  assert.ok(outcome.ok && !holdsPlanted(bytes));
});

test("a JPEG that is also a video is cleaned as the JPEG that it begins as", async () => {
  // A box header cannot come before SOI, so the boxes stand in a comment and behind the end.
  const box = Buffer.from("\0\0\0\u0010ftypisom\0\0\0\0", "latin1");
  const file = Buffer.concat([
    withSegments(await plainJpeg(), segment(0xfe, box)),
    box,
    Buffer.from(`\0\0\0\u0040moov${PLANTED}`, "latin1"),
  ]);
  const { outcome, bytes } = await stripBytes(file);
  assert.ok(outcome.ok && outcome.format === "jpeg");
  assert.equal(bytes.includes("ftyp"), false);
  assert.equal(holdsPlanted(bytes), false);
});

test("what is doubtful is refused by name and nothing is written", async () => {
  const plain = await plainJpeg();
  const frame = markersOf(plain).find(({ marker }) => marker === 0xc0)!;
  const changed = (at: number, value: number): Buffer => {
    const copy = Buffer.from(plain);
    copy[at] = value;
    return copy;
  };
  for (const [bytes, code] of [
    [changed(frame.at + 1, 0xc5), "scrub_unsupported"],
    [changed(frame.at + 3, 3), "scrub_damaged"],
    [withSegments(plain, plain), "scrub_doubtful"],
    [withSegments(plain, Buffer.from([0xff, 0x02])), "scrub_doubtful"],
    [withSegments(plain, Buffer.from([0xff, 0xf7, 0, 4, 0, 0])), "scrub_unsupported"],
    [Buffer.from([0xff, 0xd8, 0xff, 0xd9]), "scrub_damaged"],
  ] as const) {
    const { outcome, writes } = await stripBytes(bytes);
    assert.equal(outcome.ok ? "" : outcome.code, code);
    assert.equal(writes, 0);
  }
});

test("text behind the last block of a scan is a reason to refuse", async () => {
  const plain = await plainJpeg();
  const file = Buffer.concat([plain.subarray(0, -2), Buffer.from(PLANTED), plain.subarray(-2)]);
  const { outcome, writes } = await stripBytes(file);
  assert.equal(outcome.ok ? "cleaned" : outcome.code, "scrub_doubtful");
  assert.equal(writes, 0);
});

test("text among the values of a Huffman table that is used is a reason to refuse", async () => {
  const bytes = await plainJpeg();
  const table = markersOf(bytes).find(({ marker }) => marker === 0xc4);
  assert.ok(table !== undefined);
  const end = table.at + 2 + bytes.readUInt16BE(table.at + 2);
  // The rarest values of a table that knows more of them than this picture has; they stand last.
  bytes.write("aa", end - 2, "latin1");
  const { outcome, writes } = await stripBytes(bytes);
  assert.equal(outcome.ok ? "cleaned" : outcome.code, "scrub_doubtful");
  assert.equal(writes, 0);
});

test("every truncation", async () => {
  const small = await encoder(24, 16).jpeg({ quality: 70 }).toBuffer();
  await proveTruncations(withSegments(small, exifSegment()));
  await proveTruncations(withSegments(await encoder(24, 16).jpeg({ progressive: true }).toBuffer(), exifSegment()));
});

test("damage of every kind, and random bytes", async () => {
  // A damaged number makes an unused table a used one, and what decoding uses stays.
  await proveDamaged(
    cases.filter(({ name }) => !name.includes("table")),
    41,
    3000,
  );
  await proveRandom(Buffer.from([0xff, 0xd8, 0xff]), 42, 500);
});
