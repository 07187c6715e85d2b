import assert from "node:assert/strict";
import { before, test } from "node:test";
import sharp from "sharp";
import { makeProfile, PLANTED, pixels, stripBytes } from "../files.ts";
import { type Case, proveCleaned, proveDamaged, proveRandom, proveTruncations } from "../prove.ts";
import {
  ascii,
  bytesTag,
  directory,
  kinds,
  le32,
  long,
  makePages,
  plainTiff,
  short,
  tagsOf,
  tiffCases,
  withTags,
} from "./tiffs.ts";

let cases: readonly Case[] = [];
let made: readonly Case[] = [];
before(async () => {
  cases = await tiffCases();
  made = await kinds();
});

/** Pixels of all pages. */
const shown = (bytes: Buffer): Promise<Buffer> => sharp(bytes, { pages: -1, failOn: "none" }).raw().toBuffer();

test("TIFF: whatever is planted where, the output does not hold it, and shows the same pixels", async () => {
  assert.ok(cases.length > 30);
  await proveCleaned(cases, "tiff", shown);
});

test("every compression, strips and tiles, and BigTIFF come out with the same pixels", async () => {
  for (const { name, bytes } of made) {
    const { outcome, bytes: clean } = await stripBytes(bytes);
    assert.ok(outcome.ok, `${name}: ${outcome.ok || outcome.reason}`);
    assert.deepEqual(await pixels(clean), await pixels(bytes), name);
  }
});

test("pages stay, in their order; a smaller copy of one goes", async () => {
  const file = makePages(3);
  const { outcome, bytes } = await stripBytes(file);
  assert.ok(outcome.ok && outcome.kept.includes("3 pages"));
  assert.equal((await sharp(bytes).metadata()).pages, 3);
  assert.deepEqual(await shown(bytes), await shown(file));
  const { outcome: reduced, bytes: one } = await stripBytes(makePages(2, [long(254, 1)]));
  assert.ok(reduced.ok);
  assert.ok(reduced.removed.some(({ name }) => name === "Thumbnail"));
  assert.equal((await sharp(one).metadata()).pages ?? 1, 1);
});

test("each orientation and the colour profile stay", async () => {
  for (let orientation = 1; orientation <= 8; orientation += 1) {
    const { bytes } = await stripBytes(withTags(await plainTiff(), [short(274, orientation), ascii(315, PLANTED)]));
    assert.equal((await sharp(bytes).metadata()).orientation, orientation);
  }
  const { outcome, bytes } = await stripBytes(withTags(await plainTiff(), [bytesTag(34_675, makeProfile(PLANTED))]));
  assert.ok(outcome.ok && outcome.kept.includes("colour profile"));
  const { icc } = await sharp(bytes).metadata();
  assert.ok(icc?.includes("rXYZ") === true && !icc.includes("priv"));
});

test("the output has the tags that pixels need, and no other", async () => {
  const { bytes } = await stripBytes(withTags(await plainTiff(), [ascii(315, PLANTED), ascii(271, PLANTED)]));
  const tags = tagsOf(bytes).map(({ tag }) => tag);
  assert.deepEqual(
    tags.filter((tag) =>
      [269, 270, 271, 272, 305, 306, 315, 316, 700, 33_432, 33_723, 34_377, 34_665, 34_853].includes(tag),
    ),
    [],
  );
  assert.ok([256, 257, 258, 259, 262, 273, 279].every((tag) => tags.includes(tag)));
});

test("raw files, circles and lies are refused by name and nothing is written", async () => {
  const plain = await plainTiff();
  const circle = makePages(1);
  circle.writeUInt32LE(8, 8 + 2 + 12 * 9);
  const end = plain.length + (plain.length % 2);
  const sensor = directory([short(262, 32_803)], end);
  const strips = tagsOf(plain).find(({ tag }) => tag === 273)!;
  for (const [name, bytes, code] of [
    ["DNG", withTags(plain, [bytesTag(0xc612, Buffer.from([1, 4, 0, 0]), 1)]), "scrub_unsupported"],
    ["a sensor's pixels", withTags(plain, [short(262, 32_803)]), "scrub_unsupported"],
    ["a sensor's pixels in a sub-directory", withTags(plain, [long(330, end)], [sensor]), "scrub_unsupported"],
    ["the old kind of JPEG", withTags(plain, [short(259, 6)]), "scrub_unsupported"],
    ["a compression that is none", withTags(plain, [short(259, 4711)]), "scrub_unsupported"],
    ["directories in a circle", circle, "scrub_damaged"],
    ["no width", withTags(plain, [long(256, 0)]), "scrub_damaged"],
    [
      "strips outside of the file",
      withTags(plain, [
        { ...strips, type: 4, data: Buffer.concat(Array.from({ length: strips.count }, () => le32(0x7fff_ffff))) },
      ]),
      "scrub_damaged",
    ],
    [
      "four billion strips",
      withTags(plain, [{ tag: 273, type: 4, count: 0xffff_ffff, data: Buffer.alloc(8) }]),
      "scrub_damaged",
    ],
    [
      "pixels that are used twice",
      withTags(makePages(1), [
        long(257, 9000),
        long(278, 1),
        { tag: 273, type: 4, count: 9000, data: Buffer.concat(Array.from({ length: 9000 }, () => le32(8))) },
        { tag: 279, type: 4, count: 9000, data: Buffer.concat(Array.from({ length: 9000 }, () => le32(100))) },
      ]),
      "scrub_doubtful",
    ],
  ] as const) {
    const { outcome, writes } = await stripBytes(bytes);
    assert.equal(outcome.ok ? "cleaned" : outcome.code, code, name);
    assert.equal(writes, 0);
  }
});

test("every truncation, of strips and of pages", async () => {
  await proveTruncations(withTags(makePages(2, [ascii(315, PLANTED)]), []));
  await proveTruncations(makePages(3, [ascii(315, PLANTED)]));
});

test("damage of every kind, and random bytes", async () => {
  // Uncompressed pixels are what they are: moved into them, the string would be shown.
  const compressed = [...cases, ...made].filter(({ bytes }) => bytes.length < 30_000);
  await proveDamaged(compressed, 51, 1500, false);
  await proveRandom(Buffer.from("II*\0\u0008\0\0\0", "latin1"), 52, 500);
});
