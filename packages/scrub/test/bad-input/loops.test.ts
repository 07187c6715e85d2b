/** Directories, boxes and pictures that lead in a circle, or deeper than any honest file. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { be16, be32, box, full, handler, latin } from "../boxes.ts";
import { asciiEntry, holdsPlanted, makeProfile, makeTiff, planted, PLANTED } from "../files.ts";
import { holdInvariants } from "../fuzz/invariants.ts";
import { gridParts, makeHeif, plainParts, type Parts } from "../heif/heifs.ts";
import { plainJpeg, segment, withSegments } from "../jpeg/jpegs.ts";
import { file as jxl, picture as jxlPicture } from "../jxl/jxls.ts";
import { el, makeMkv } from "../mkv/mkvs.ts";
import { makeMp4 } from "../mp4/mp4s.ts";
import { before, chunk as pngChunk, plainPng } from "../png/pngs.ts";
import { bytesTag, directory, long, makePages, plainTiff, withTags } from "../tiff/tiffs.ts";
import { chunk as riffChunk, chunksOf, extended, lossy, riff } from "../webp/webps.ts";

const entry = (tag: number, type: number, count: number, value: Buffer): Buffer =>
  Buffer.concat([be16(tag), be16(type), be32(count), value]);
/** A directory of a big-endian TIFF structure, and where the next one is. */
const list = (next: number, ...entries: readonly Buffer[]): Buffer =>
  Buffer.concat([be16(entries.length), ...entries, be32(next)]);
const head = latin("MM\0*\0\0\0\u0008");
const make = entry(0x010f, 2, planted.length, be32(200));
const withText = (...parts: readonly Buffer[]): Buffer => {
  const bytes = Buffer.concat(parts);
  return Buffer.concat([bytes, Buffer.alloc(Math.max(0, 200 - bytes.length)), planted]);
};

/** Exif by how its directories lead astray. */
const EXIF_LOOPS: Readonly<Record<string, Buffer>> = {
  "the first directory is followed by itself": withText(head, list(8, make)),
  "the second is followed by the first": withText(head, list(26, make), list(8, make)),
  "Exif is the first directory": withText(head, list(0, make, entry(0x8769, 4, 1, be32(8)))),
  "GPS is the first directory": withText(head, list(0, make, entry(0x8825, 4, 1, be32(8)))),
  "a sub-directory is its own": withText(head, list(0, make, entry(0x014a, 4, 1, be32(8)))),
  "sixteen sub-directories that are all the first": withText(
    head,
    list(0, make, entry(0x014a, 4, 16, be32(38))),
    ...Array.from({ length: 16 }, () => be32(8)),
  ),
  "each directory within the one before it": withText(
    head,
    ...Array.from({ length: 5000 }, (_, n) => list(8 + 18 * (n + 1), entry(0x0110, 2, 4, latin("loop")))),
  ),
};

test("Exif in a circle, in every format that carries Exif", async () => {
  const jpeg = await plainJpeg();
  const png = await plainPng();
  const [vp8] = chunksOf(await lossy()).filter(({ type }) => type === "VP8 ");
  assert.ok(vp8 !== undefined);
  const heif = await plainParts();
  for (const [name, exif] of Object.entries(EXIF_LOOPS)) {
    const short = exif.subarray(0, 60_000);
    const files: readonly (readonly [string, Buffer])[] = [
      ["JPEG", withSegments(jpeg, segment(0xe1, latin("Exif\0\0"), short, planted))],
      ["PNG", before(png, "IDAT", pngChunk("eXIf", exif))],
      ["WebP", riff(extended(0x08), vp8.whole, riffChunk("EXIF", exif))],
      ["JPEG XL", jxl(box("Exif", be32(0), exif), jxlPicture)],
      [
        "AVIF",
        makeHeif({
          ...heif,
          items: [...heif.items, { id: 7, type: "Exif", data: Buffer.concat([be32(0), exif]) }],
          references: [["cdsc", 7, [1]]],
        }),
      ],
    ];
    for (const [format, bytes] of files) {
      assert.ok(holdsPlanted(bytes), `${format}: ${name}`);
      const { ok, output } = await holdInvariants(bytes);
      assert.ok(ok && output.length > 0, `${format}: ${name}`);
      assert.equal(holdsPlanted(output), false, `${format}: ${name}`);
    }
  }
});

const refused = async (name: string, bytes: Buffer): Promise<void> => {
  const { ok, output } = await holdInvariants(bytes);
  assert.deepEqual([name, ok, output.length], [name, false, 0]);
};
const cleaned = async (name: string, bytes: Buffer): Promise<void> => {
  assert.ok(holdsPlanted(bytes), name);
  const { ok, code, output } = await holdInvariants(bytes);
  assert.deepEqual([name, ok, code, holdsPlanted(output)], [name, true, "", false]);
};

test("directories of a TIFF in a circle are refused, those that are left out anyway go", async () => {
  const plain = await plainTiff();
  const end = plain.length + (plain.length % 2);
  const loop = makePages(2);
  loop.writeUInt32LE(8, loop.indexOf(directoryEnd(loop)) + 8);
  await refused("the last page is followed by the first", loop);
  await cleaned(
    "a sub-directory that is its own",
    withTags(plain, [long(330, end)], [directory([long(330, end), bytesTag(0x9286, planted)], end)]),
  );
  await cleaned(
    "Exif and GPS that are each other's",
    withTags(
      plain,
      [long(0x8769, end), long(0x8825, end)],
      [directory([long(0x8825, end), long(0x8769, end), bytesTag(0x927c, planted)], end)],
    ),
  );
});

/** The last entry of the last page, which stands before the place that says where the next one is. */
const directoryEnd = (tiff: Buffer): Buffer => {
  const first = 8;
  const count = tiff.readUInt16LE(first);
  const second = tiff.readUInt32LE(first + 2 + 12 * count);
  const last = second + 2 + 12 * (tiff.readUInt16LE(second) - 1);
  return tiff.subarray(last + 4, last + 12);
};

test("pictures of pictures: circles, long chains, and each twice the one before", async () => {
  const grid = await gridParts();
  const [, first, second] = grid.items;
  assert.ok(first !== undefined && second !== undefined);
  const size = be16(144);
  const derived = (id: number, type: string): Parts["items"][number] => ({
    id,
    type,
    data: type === "grid" ? Buffer.concat([Buffer.from([0, 0, 0, 1]), size, be16(64)]) : Buffer.alloc(0),
    properties: [4, 3],
    inIdat: type === "grid",
  });
  const parts = (items: Parts["items"], references: Parts["references"] = []): Buffer =>
    makeHeif({ ...grid, items, references });
  await refused("a picture composed of itself", parts([derived(1, "grid"), first, second], [["dimg", 1, [1, 1]]]));
  await refused(
    "two that are composed of each other",
    parts(
      [derived(1, "iden"), derived(4, "iden"), first],
      [
        ["dimg", 1, [4]],
        ["dimg", 4, [1]],
      ],
    ),
  );
  const chain = Array.from({ length: 2000 }, (_, n) => derived(n + 10, "iden"));
  await refused(
    "a chain of two thousand",
    parts(
      [derived(1, "iden"), ...chain, first],
      [["dimg", 1, [10]], ...chain.map(({ id }) => ["dimg", id, [id === 2009 ? 2 : id + 1]] as const)],
    ),
  );
  // Ten grids, each of the next one twice: a thousand tiles from one.
  const doubled = Array.from({ length: 10 }, (_, n) => derived(n + 10, "grid"));
  const { ok, output } = await holdInvariants(
    parts(
      [derived(1, "grid"), ...doubled, first],
      [["dimg", 1, [10, 10]], ...doubled.map(({ id }) => ["dimg", id, id === 19 ? [2, 2] : [id + 1, id + 1]] as const)],
    ),
  );
  assert.ok(!ok || output.length < 100_000);
  await refused(
    "transparency of its own transparency",
    parts(
      [derived(1, "iden"), first, derived(4, "iden")],
      [
        ["dimg", 1, [4]],
        ["dimg", 4, [1]],
        ["auxl", 4, [4]],
      ],
    ),
  );
});

/** `depth` boxes, each within the one before it; what is innermost stands in the middle. */
const nested = (depth: number, types: readonly string[], inner: Buffer): Buffer => {
  const heads: Buffer[] = [];
  let size = inner.length;
  for (let n = 0; n < depth; n += 1) {
    size += 8;
    heads.push(Buffer.concat([be32(size), latin(types[n % types.length] ?? "udta")]));
  }
  return Buffer.concat([...heads.toReversed(), inner]);
};

const DEPTH = 100_000;

test("a hundred thousand boxes within each other", async () => {
  const text = box("©nam", planted);
  for (const types of [["udta"], ["meta"], ["meta", "ilst"], ["moov"], ["trak", "mdia", "minf"]]) {
    const deep = nested(DEPTH, types, text);
    await cleaned(`MP4, within the movie: ${types.join()}`, makeMp4({ movieExtra: [box("udta", deep)] }));
    await cleaned(`MP4, behind: ${types.join()}`, makeMp4({ after: [box("free", deep)] }));
    const { ok, output } = await holdInvariants(makeMp4({ movieExtra: [deep] }));
    assert.ok(!ok || !holdsPlanted(output), types.join());
  }
  const heif = await plainParts();
  await cleaned("AVIF, behind", makeHeif({ ...heif, after: nested(DEPTH, ["free"], text) }));
  const { output } = await holdInvariants(makeHeif({ ...heif, metaExtra: [nested(DEPTH, ["iprp", "ipco"], text)] }));
  assert.equal(holdsPlanted(output), false);
  await cleaned("JPEG XL", jxl(nested(DEPTH, ["jumb"], text), jxlPicture));
  await cleaned("JPEG XL, packed", jxl(box("brob", latin("brob"), nested(DEPTH, ["brob"], text)), jxlPicture));
});

/** Elements within each other, sizes told in eight bytes. */
const deepElements = (id: Buffer, depth: number, inner: Buffer): Buffer => {
  const heads: Buffer[] = [];
  let size = inner.length;
  for (let n = 0; n < depth; n += 1) {
    const told = Buffer.alloc(8);
    told.writeBigUInt64BE(BigInt(size) | (1n << 56n));
    heads.push(Buffer.concat([id, told]));
    size += id.length + 8;
  }
  return Buffer.concat([...heads.toReversed(), inner]);
};

test("a hundred thousand elements within each other", async () => {
  const text = el(0x4487, planted);
  // SimpleTag within SimpleTag is what the format allows; the others are lies.
  const tag = deepElements(Buffer.from("67c8", "hex"), DEPTH, text);
  await cleaned("tags", makeMkv({ segmentExtra: [el(0x1254_c367, el(0x7373, el(0x63c0), tag))] }));
  const chapter = deepElements(Buffer.from("b6", "hex"), DEPTH, text);
  const { output } = await holdInvariants(makeMkv({ segmentExtra: [el(0x1043_a770, el(0x45b9, chapter))] }));
  assert.equal(holdsPlanted(output), false);
  const other = await holdInvariants(makeMkv({ segmentExtra: [deepElements(Buffer.from("ae", "hex"), DEPTH, text)] }));
  assert.equal(holdsPlanted(other.output), false);
});

test("pictures within pictures: a thumbnail's thumbnail, an index that leads back, a profile in a profile", async () => {
  const plain = await plainJpeg();
  let inner = withSegments(
    plain.subarray(0, 700),
    segment(0xe1, latin("Exif\0\0"), makeTiff([asciiEntry(0x010f, PLANTED)])),
  );
  for (let n = 0; n < 200; n += 1)
    inner = Buffer.concat([inner, Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0]), planted]);
  await cleaned("thumbnails behind thumbnails", Buffer.concat([plain, inner]));
  const mpf = segment(
    0xe2,
    latin("MPF\0MM\0*\0\0\0\u0008"),
    list(8, entry(0xb001, 4, 1, be32(0x7fff_ffff)), entry(0xb002, 7, 0x7fff_fff0, be32(8))),
    planted,
  );
  await cleaned("an index of pictures that is its own", withSegments(plain, mpf));
  const profile = makeProfile(PLANTED);
  const whole = Buffer.concat([profile.subarray(0, 132), ...Array.from({ length: 10 }, () => latin("priv")), profile]);
  await cleaned(
    "a profile whose texts are profiles",
    withSegments(plain, segment(0xe2, latin("ICC_PROFILE\0\u0001\u0001"), whole)),
  );
  await cleaned(
    "handler and texts",
    makeMp4({
      movieExtra: [full("meta", 0, 0, handler("mdta"), box("keys", planted), box("ilst", box("ilst", planted)))],
    }),
  );
});
