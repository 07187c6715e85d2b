import assert from "node:assert/strict";
import { before, test } from "node:test";
import sharp from "sharp";
import { box, findBox, full, latin } from "../boxes.ts";
import {
  be16,
  be32,
  encoder,
  holdsPlanted,
  inspectBytes,
  makeProfile,
  pixels,
  planted,
  PLANTED,
  stripBytes,
} from "../files.ts";
import { type Case, proveCleaned, proveDamaged, proveTruncations } from "../prove.ts";
import { codedPicture, gridParts, heifCases, makeHeif, plainParts, type Parts } from "./heifs.ts";

let cases: readonly Case[] = [];
before(async () => {
  cases = await heifCases();
});

test("whatever is planted where, the output does not hold it, and shows the same pixels", async () => {
  assert.ok(cases.length > 35);
  const idat = cases.filter(({ name }) => name === "idat that belongs to nothing");
  await proveCleaned(
    cases.filter((one) => !idat.includes(one)),
    "avif",
    pixels,
  );
  // It is no item's, so nothing says that it is there; it is gone all the same.
  for (const { bytes } of idat) assert.equal(holdsPlanted((await stripBytes(bytes)).bytes), false);
});

test("a grid stays a grid of two tiles, its parts numbered anew", async () => {
  const file = makeHeif(await gridParts());
  const { outcome, bytes } = await stripBytes(file);
  assert.ok(outcome.ok);
  const { width, height } = await sharp(bytes).metadata();
  assert.deepEqual([width, height], [144, 64]);
  assert.deepEqual(await pixels(bytes), await pixels(file));
});

test("transparency stays, also where it is premultiplied", async () => {
  const file = await sharp(await encoder().ensureAlpha(0.4).png().toBuffer())
    .avif({ quality: 60 })
    .toBuffer();
  const { outcome, bytes } = await stripBytes(file);
  assert.ok(outcome.ok && outcome.kept.includes("transparency"));
  assert.equal((await sharp(bytes).metadata()).hasAlpha, true);
  assert.deepEqual(await pixels(bytes), await pixels(file));
});

test("turning, mirroring and crop stay, Exif's orientation is not taken over", async () => {
  const plain = await plainParts();
  const [picture] = plain.items;
  assert.ok(picture !== undefined);
  const turned = makeHeif({
    ...plain,
    properties: [...plain.properties, box("irot", Buffer.from([0xfd])), box("imir", Buffer.from([0xff]))],
    items: [{ ...picture, properties: [0x81, 2, 3, 0x84, 0x85] }],
  });
  const { outcome, bytes } = await stripBytes(turned);
  assert.ok(outcome.ok && outcome.kept.includes("orientation"));
  assert.equal(bytes[findBox(bytes, "irot") + 8], 1);
  assert.equal(bytes[findBox(bytes, "imir") + 8], 1);
});

test("a colour profile keeps its colours and nothing else", async () => {
  const plain = await plainParts();
  const [picture] = plain.items;
  assert.ok(picture !== undefined);
  const { bytes } = await stripBytes(
    makeHeif({
      ...plain,
      properties: [...plain.properties, box("colr", latin("prof"), makeProfile(PLANTED))],
      items: [{ ...picture, properties: [0x81, 2, 3, 4] }],
    }),
  );
  const { icc } = await sharp(bytes).metadata();
  assert.ok(icc?.includes("rXYZ") === true && !icc.includes("priv"));
});

test("place and device are told", async () => {
  const found = await inspectBytes(cases.find(({ name }) => name === "Exif with make and GPS")?.bytes ?? planted);
  assert.ok(found.ok);
  const values = Object.fromEntries(found.findings.map(({ name, value }) => [name, value]));
  assert.equal(values["GPSPosition"], "47.3769, 8.5417");
  assert.equal(values["Make"], PLANTED);
});

test("what is doubtful is refused by name and nothing is written", async () => {
  const plain = await plainParts();
  const grid = await gridParts();
  const [picture] = plain.items;
  assert.ok(picture !== undefined);
  const { data } = await codedPicture();
  const whole = makeHeif(plain);
  const changed = (type: string, offset: number, value: Buffer): Buffer => {
    const copy = Buffer.from(whole);
    value.copy(copy, findBox(copy, type) + offset);
    return copy;
  };
  const withProperty = (property: Buffer): Parts => ({
    ...plain,
    properties: [...plain.properties, property],
    items: [{ ...picture, properties: [0x81, 2, 3, 0x84] }],
  });
  const circle: Parts = {
    ...grid,
    items: grid.items.map((item) => (item.id === 1 ? item : { ...item, type: "iden" })),
    references: [
      ["dimg", 1, [2, 3]],
      ["dimg", 2, [1]],
      ["dimg", 3, [1]],
    ],
  };
  const chosen: readonly (readonly [string, Buffer, string])[] = [
    ["an essential property that is not known", makeHeif(withProperty(box("priv", planted))), "scrub_doubtful"],
    [
      "channels that are text",
      makeHeif(withProperty(full("pixi", 0, 0, Buffer.from([planted.length]), planted))),
      "scrub_doubtful",
    ],
    ["layers", makeHeif(withProperty(box("a1lx", Buffer.alloc(7)))), "scrub_unsupported"],
    ["a circle", makeHeif(circle), "scrub_doubtful"],
    ["a grid without a tile", makeHeif({ ...grid, references: [["dimg", 1, [2]]] }), "scrub_damaged"],
    ["another kind of picture", makeHeif({ ...plain, items: [{ ...picture, type: "jpeg" }] }), "scrub_unsupported"],
    ["the picture is missing", changed("pitm", 12, be16(77)), "scrub_damaged"],
    ["the picture lies outside", changed("iloc", 24, be32(0x7000_0000)), "scrub_damaged"],
    ["the picture lies within the index", changed("iloc", 24, be32(40)), "scrub_damaged"],
    ["the picture is longer than the file", changed("iloc", 28, be32(0x7000_0000)), "scrub_damaged"],
    ["a sequence", changed("ftyp", 8, latin("avis")), "scrub_unsupported"],
    ["data in another file", changed("iloc", 20, be16(1)), "scrub_unsupported"],
    [
      "no size",
      makeHeif({
        ...plain,
        properties: [plain.properties[0] ?? planted, full("ispe", 0, 0)],
        items: [{ ...picture, properties: [0x81, 2] }],
      }),
      "scrub_damaged",
    ],
    [
      "units that do not fit",
      makeHeif({ ...plain, items: [{ ...picture, data: data.subarray(0, -9) }] }),
      "scrub_damaged",
    ],
    ["items one over the other", makeHeif({ ...overlapping(plain, 40) }), "scrub_doubtful"],
  ];
  for (const [name, bytes, code] of chosen) {
    const { outcome, writes } = await stripBytes(name.startsWith("items one") ? overlap(bytes) : bytes);
    assert.equal(outcome.ok ? "cleaned" : outcome.code, code, name);
    assert.equal(writes, 0, name);
  }
});

/** A grid of many tiles, to be laid one over the other by `overlap`. */
const overlapping = (plain: Parts, tiles: number): Parts => {
  const [picture] = plain.items;
  const ids = Array.from({ length: tiles }, (_, i) => i + 2);
  return {
    ...plain,
    items: [
      {
        id: 1,
        type: "grid",
        data: Buffer.concat([Buffer.from([0, 0, 0, tiles - 1]), be16(72), be16(40)]),
        properties: [2],
        inIdat: true,
      },
      ...ids.map((id) => ({
        id,
        type: "av01",
        data: id === 2 ? (picture?.data ?? planted) : Buffer.from([0x12, 0]),
        properties: [0x81, 2, 3],
      })),
    ],
    references: [["dimg", 1, ids]],
  };
};

/** Each tile begins two bytes before the one before it, and is as long as the first: data for thousands of pictures in one. */
const overlap = (bytes: Buffer): Buffer => {
  const copy = Buffer.from(bytes);
  const iloc = findBox(copy, "iloc");
  const entry = (n: number): number => iloc + 16 + 16 * n;
  const start = copy.readUInt32BE(entry(1) + 8);
  const size = copy.readUInt32BE(entry(1) + 12);
  for (let n = 2; n < copy.readUInt16BE(iloc + 14); n += 1) {
    copy.writeUInt32BE(start, entry(n) + 8);
    copy.writeUInt32BE(size + 2 * (n - 1), entry(n) + 12);
  }
  return copy;
};

test("every truncation is refused or clean", async () => {
  await proveTruncations(cases.find(({ name }) => name === "free outside")?.bytes ?? planted);
});

test("bytes changed by chance: refused, or clean and the same when cleaned again", async () => {
  await proveDamaged(cases, 5, 2000, false);
});
