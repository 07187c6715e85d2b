/**
 * A hundred thousand of everything that a format may hold more than one of. An element takes some millionths of a second
 * (measured: 6 to 10, growing with their number and no faster); were it by their square, the bound would be missed by
 * far. It is of the processor, so that a busy machine makes no difference.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { deflateSync } from "node:zlib";
import { be16, be32, box, latin } from "../boxes.ts";
import { encoder, holdsPlanted, planted, PLANTED, stripBytes } from "../files.ts";
import { application, comment, insert, still, subBlocks } from "../gif/gifs.ts";
import { makeHeif, plainParts } from "../heif/heifs.ts";
import { plainJpeg, segment, withSegments } from "../jpeg/jpegs.ts";
import { codestream, file as jxl, picture as jxlPicture } from "../jxl/jxls.ts";
import { makeFragmented, makeMp4 } from "../mp4/mp4s.ts";
import { before, chunk as pngChunk, chunksOf as pngChunks, plainPng } from "../png/pngs.ts";
import { bytesTag, makePages, plainTiff, withTags } from "../tiff/tiffs.ts";
import { chunk as riffChunk, chunksOf, extended, lossy, riff } from "../webp/webps.ts";

const MANY = 100_000;
const many = (one: Buffer, count = MANY): Buffer => Buffer.concat(Array.from({ length: count }, () => one));
/** As many in all, of several kinds in turn. */
const mixed = (...kinds: readonly Buffer[]): Buffer => many(Buffer.concat(kinds), Math.ceil(MANY / kinds.length));

const MAX_MS = 60_000;
/** The files are of a few megabytes each; what goes through them may take some hundreds, with what the tests hold. */
const MAX_RSS = 2 ** 31;
after(() => assert.ok(process.memoryUsage().rss < MAX_RSS, "memory was taken"));

const check = async (name: string, bytes: Buffer, wanted: "cleaned" | "refused"): Promise<void> => {
  const usedBefore = process.cpuUsage();
  const { outcome, bytes: output, writes } = await stripBytes(bytes);
  const { user, system } = process.cpuUsage(usedBefore);
  assert.ok((user + system) / 1000 < MAX_MS, `${name}: it took too long`);
  assert.equal(outcome.ok ? "cleaned" : "refused", wanted, `${name}: ${outcome.ok || outcome.reason}`);
  assert.equal(writes > 0, outcome.ok, name);
  assert.equal(holdsPlanted(output), false, name);
};

test("JPEG: a hundred thousand segments, fill bytes, beginnings of pictures behind the end", async () => {
  const plain = await plainJpeg();
  const segments = mixed(
    segment(0xfe, planted),
    segment(0xe1, latin("Exif\0\0MM\0*\0\0\0\u0008"), planted),
    segment(0xe2, latin("ICC_PROFILE\0\u0001\u00ff"), planted),
    segment(0xe1, latin(`http://ns.adobe.com/xmp/extension/\0${"A".repeat(32)}`), be32(1), be32(0), planted),
    segment(0xeb, latin("JP\0\u0001\0\0\0\u0001"), planted),
    segment(0xe2, latin("MPF\0MM\0*\0\0\0\u0008"), planted),
    segment(0xc4, Buffer.from([0x13]), Buffer.alloc(16)),
  );
  const pictures = many(Buffer.concat([plain.subarray(0, 40), planted]));
  const file = Buffer.concat([withSegments(plain, segments, Buffer.alloc(MANY, 0xff)), pictures]);
  await check("JPEG", file, "cleaned");
});

test("PNG: a hundred thousand chunks, parts of pixels; twenty thousand frames", async () => {
  const plain = await plainPng();
  const kinds = ["tEXt", "zTXt", "iTXt", "eXIf", "iCCP", "prVt", "tIME"].map((type) => pngChunk(type, planted));
  await check("chunks", before(plain, "IDAT", mixed(...kinds)), "cleaned");
  const [pixels] = pngChunks(plain).filter(({ type }) => type === "IDAT");
  assert.ok(pixels !== undefined);
  const bytes = Array.from(pixels.body, (byte) => pngChunk("IDAT", Buffer.from([byte])));
  const end = [pngChunk("tEXt", planted), pngChunk("IEND")];
  const cut = Buffer.concat([plain.subarray(0, pixels.at), ...bytes, many(pngChunk("IDAT")), ...end]);
  await check("pixels in parts of one byte and of none", cut, "cleaned");
  const control = (sequence: number): Buffer =>
    pngChunk("fcTL", be32(sequence), be32(1), be32(1), be32(0), be32(0), be16(1), be16(100), Buffer.from([0, 0]));
  const rows = deflateSync(Buffer.alloc(4));
  const frames = Array.from({ length: 20_000 }, (_, n) =>
    Buffer.concat([control(2 * n + 1), pngChunk("fdAT", be32(2 * n + 2), rows)]),
  );
  const animation = Buffer.concat([
    plain.subarray(0, 8),
    pngChunk("IHDR", be32(1), be32(1), Buffer.from([8, 2, 0, 0, 0])),
    pngChunk("acTL", be32(20_001), be32(0)),
    control(0),
    pngChunk("IDAT", rows),
    ...frames,
    ...end,
  ]);
  await check("frames", animation, "cleaned");
});

test("WebP: a hundred thousand chunks", async () => {
  const [vp8] = chunksOf(await lossy()).filter(({ type }) => type === "VP8 ");
  assert.ok(vp8 !== undefined);
  const kinds = ["EXIF", "XMP ", "priv"].map((type) => riffChunk(type, planted));
  await check("chunks", riff(extended(0x0c), vp8.whole, mixed(...kinds)), "cleaned");
});

test("GIF: a hundred thousand blocks, sub-blocks of one byte; twenty thousand frames", async () => {
  const gif = await still();
  const start = 13 + (3 << (((gif[10] ?? 0) & 7) + 1));
  const blocks = mixed(comment(planted), application("CAMERA  1.0", subBlocks(planted)));
  await check("blocks", insert(gif, start, blocks, comment(many(planted, 3000), 1)), "cleaned");
  // A frame of one pixel: its time, its place, the codes clear, 0, end.
  const tiny = Buffer.concat([
    latin("!\u00f9\u0004\0\u0001\0\0\0,"),
    Buffer.alloc(4),
    Buffer.from([1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0]),
  ]);
  await check("frames", insert(gif, start, comment(planted), many(tiny, 20_000)), "cleaned");
});

test("TIFF: tags, pages and rows beyond any honest number", async () => {
  const tags = (count: number): Buffer[] => Array.from({ length: count }, () => planted);
  const file = async (count: number): Promise<Buffer> =>
    withTags(
      await plainTiff(),
      tags(count).map((text, n) => bytesTag(0xd000 + n, text)),
    );
  await check("four thousand tags", await file(4000), "cleaned");
  await check("nine thousand tags", await file(9000), "refused");
  await check("pages", makePages(MANY, [bytesTag(0xd000, planted.subarray(0, 4))]), "refused");
  const strips = await encoder(2, 20_000).tiff({ compression: "none", tile: false }).toBuffer();
  await check("rows", withTags(strips, [bytesTag(0xd000, planted)]), "cleaned");
});

test("AVIF: items, names, properties, references, boxes", async () => {
  const plain = await plainParts();
  const [picture] = plain.items;
  assert.ok(picture !== undefined);
  const others = Array.from({ length: 20_000 }, (_, n) => ({
    id: n + 2,
    type: n % 2 === 0 ? "Exif" : "mime",
    contentType: "x",
    name: planted,
    data: n === 0 ? planted : Buffer.alloc(1),
  }));
  const file = makeHeif({
    ...plain,
    items: [picture, ...others],
    properties: [...plain.properties, many(box("udes", planted), 30_000)],
    references: Array.from({ length: 30_000 }, () => ["cdsc", 9, [1]] as const),
    metaExtra: [many(box("priv", planted), 30_000)],
    after: many(box("free", planted)),
  });
  await check("AVIF", file, "cleaned");
});

test("JPEG XL: a hundred thousand boxes, parts of the picture", async () => {
  const boxes = mixed(box("xml ", planted), box("brob", latin("Exif"), planted), box("jumb", planted));
  await check("boxes", jxl(boxes, jxlPicture), "cleaned");
  const parts = Array.from({ length: 20_000 }, (_, n) => box("jxlp", be32(n + 1)));
  const last = box("jxlp", be32(0x8000_0000 + 20_001));
  await check("parts", jxl(box("jxlp", be32(0), codestream), ...parts, last, box("free", planted)), "cleaned");
});

test("MP4: texts, boxes, tracks, pictures, edits, boxes within a fragment", async () => {
  const uuid = box("uuid", Buffer.alloc(16), planted);
  const texts = box("udta", mixed(box("©nam", planted), uuid));
  await check("texts and boxes", makeMp4({ movieExtra: [texts], after: [many(uuid)] }), "cleaned");
  await check("tracks that are none", makeMp4({ movieExtra: [many(box("trak")), texts] }), "refused");
  const frame = (kind: number): Buffer => Buffer.concat([be32(3), Buffer.from([kind, 0x88, 0x99])]);
  const video = [frame(0x65), ...Array.from({ length: 30_000 }, () => frame(0x41))];
  await check("each picture a chunk of its own", makeMp4({ video, sound: [], after: [uuid] }), "cleaned");
  const edits = Array.from({ length: 30_000 }, () => [1, 0] as const);
  await check("edits", makeMp4({ edits, after: [uuid] }), "refused");
  await check("boxes within a fragment", makeFragmented(many(uuid, 20_000)), "cleaned");
});

test("texts of a megabyte, and elements that never close", async () => {
  const plain = await plainPng();
  const xml = latin(
    `XML:com.adobe.xmp\0\0\0\0\0<x:xmpmeta>${"<rdf:Description ".repeat(60_000)}dc:creator="${PLANTED}"`,
  );
  const text = pngChunk("tEXt", latin("Author\0"), planted, Buffer.alloc(1 << 20, 0x41));
  await check("texts", before(plain, "IDAT", pngChunk("iTXt", xml), text), "cleaned");
});
