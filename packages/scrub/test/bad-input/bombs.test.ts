/** A few bytes that would become gigabytes, and files that are two things at once. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { brotliCompressSync, constants, crc32, deflateRawSync, deflateSync } from "node:zlib";
import { be16, be32, box, latin } from "../boxes.ts";
import { holdsPlanted, inspectBytes, planted, PLANTED, stripBytes } from "../files.ts";
import { holdInvariants } from "../fuzz/invariants.ts";
import { application, comment, insert, still, subBlocks } from "../gif/gifs.ts";
import { makeHeif, plainParts } from "../heif/heifs.ts";
import { exifSegment, plainJpeg, segment, withSegments } from "../jpeg/jpegs.ts";
import { file as jxl, picture as jxlPicture } from "../jxl/jxls.ts";
import { el, makeMkv } from "../mkv/mkvs.ts";
import { makeMp4 } from "../mp4/mp4s.ts";
import { before, chunk as pngChunk, chunksOf as pngChunks, plainPng } from "../png/pngs.ts";
import { bytesTag, directory, long, short, plainTiff, withTags } from "../tiff/tiffs.ts";
import { chunk as riffChunk, chunksOf, extended, lossy, riff } from "../webp/webps.ts";

/** What unpacks to this many bytes and is made without them: zeros, packed a thousandfold, and once more. */
const UNPACKED_BYTES = 64 << 20;
const zeros = Buffer.alloc(UNPACKED_BYTES);
const deflated = deflateSync(zeros);
const twice = deflateSync(deflated);
const brotli = brotliCompressSync(zeros, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });

const BOUND = 256 << 20;
const cleaned = async (name: string, bytes: Buffer): Promise<Buffer> => {
  const rss = process.memoryUsage().rss;
  const { ok, code, output } = await holdInvariants(bytes);
  assert.deepEqual([name, ok, code], [name, true, ""]);
  assert.equal(holdsPlanted(output), false, name);
  assert.ok(process.memoryUsage().rss - rss < BOUND, `${name}: memory was taken`);
  return output;
};
const refused = async (name: string, bytes: Buffer): Promise<void> => {
  const rss = process.memoryUsage().rss;
  const { ok, output } = await holdInvariants(bytes);
  assert.deepEqual([name, ok, output.length], [name, false, 0]);
  assert.ok(process.memoryUsage().rss - rss < BOUND, `${name}: memory was taken`);
};

test("profiles, texts and rows that unpack to far more than they are: iCCP, zTXt, iTXt, IDAT", async () => {
  assert.ok(deflated.length < 80_000 && twice.length < 2000 && brotli.length < 80_000);
  const plain = await plainPng();
  const clean = (await stripBytes(plain)).bytes;
  for (const bomb of [deflated, twice]) {
    const cases: readonly (readonly [string, Buffer])[] = [
      ["iCCP", pngChunk("iCCP", latin("icc\0\0"), bomb, planted)],
      ["zTXt", pngChunk("zTXt", latin("Comment\0\0"), bomb, planted)],
      ["zTXt as Exif", pngChunk("zTXt", latin("Raw profile type exif\0\0"), bomb, planted)],
      ["iTXt", pngChunk("iTXt", latin("XML:com.adobe.xmp\0\u0001\0\0\0"), bomb, planted)],
    ];
    for (const [name, chunk] of cases) assert.deepEqual(await cleaned(name, before(plain, "IDAT", chunk)), clean, name);
  }
  const [ihdr] = pngChunks(plain);
  assert.ok(ihdr !== undefined);
  const withRows = (header: Buffer, ...rows: readonly Buffer[]): Buffer =>
    Buffer.concat([
      plain.subarray(0, 8),
      pngChunk("IHDR", header),
      ...rows,
      pngChunk("tEXt", planted),
      pngChunk("IEND"),
    ]);
  await refused("IDAT", withRows(ihdr.body, pngChunk("IDAT", deflated)));
  const wide = Buffer.concat([be32(0x7fff_ffff), be32(0x7fff_ffff), Buffer.from([8, 6, 0, 0, 0])]);
  await refused("IDAT of a picture as large as can be", withRows(wide, pngChunk("IDAT", deflated)));
});

test("brob, in every name and within itself", async () => {
  const plain = jxl(jxlPicture);
  const clean = (await stripBytes(plain)).bytes;
  for (const name of ["Exif", "xml ", "jumb", "brob", "jxlc", "ftyp", "free"])
    assert.deepEqual(await cleaned(`brob ${name}`, jxl(box("brob", latin(name), brotli, planted), jxlPicture)), clean);
  await refused("nothing but brob", jxl(box("brob", latin("jxlc"), brotli)));
});

test("strips of a TIFF and rows of a GIF that unpack to more than the picture has", async () => {
  const tiff = await plainTiff();
  const end = tiff.length + (tiff.length % 2);
  const strip = (compression: number, data: Buffer): Buffer =>
    withTags(tiff, [short(259, compression), long(273, end), long(278, 1000), long(279, data.length)], [data]);
  for (const [name, compression, data] of [
    ["deflate", 8, deflated],
    ["LZW", 5, Buffer.concat([Buffer.from([0x80, 0]), Buffer.alloc(40_000, 0xaa)])],
    ["PackBits", 32_773, Buffer.alloc(200_000, 0x81)],
  ] as const) {
    const { ok, output } = await holdInvariants(strip(compression, data));
    assert.ok(!ok || output.length < 2 * data.length, name);
  }
  const gif = await still();
  const start = 13 + (3 << (((gif[10] ?? 0) & 7) + 1));
  // One pixel by one, and codes that stand for ever longer runs of it.
  const run = Buffer.concat([
    latin(","),
    Buffer.alloc(4),
    be16(0x0100),
    be16(0x0100),
    Buffer.from([0, 2]),
    subBlocks(Buffer.alloc(100_000, 0x66)),
  ]);
  const { output } = await holdInvariants(insert(gif, start, comment(planted), run));
  assert.equal(output.includes(planted), false);
  await cleaned(
    "XMP in a GIF",
    insert(gif, start, application("XMP DataXMP", subBlocks(Buffer.concat([deflated, planted])))),
  );
});

test("a ZIP bomb, and text that grows by naming itself, in whatever is left out", async () => {
  const name = latin("bomb");
  const data = deflateRawSync(zeros);
  const zip = Buffer.concat([
    latin("PK\u0003\u0004\u0014\0\0\0\u0008\0\0\0\0\0"),
    be32(crc32(zeros)),
    be32(data.length),
    be32(0xffff_ffff),
    Buffer.from([name.length, 0, 0, 0]),
    name,
    data,
  ]);
  const laughs = latin(
    `<!DOCTYPE x [<!ENTITY a "${PLANTED}">${Array.from({ length: 20 }, (_, n) => `<!ENTITY ${String.fromCharCode(98 + n)} "${`&${String.fromCharCode(97 + n)};`.repeat(10)}">`).join("")}]><x:xmpmeta>&u;</x:xmpmeta>`,
  );
  const jpeg = await plainJpeg();
  await cleaned("ZIP behind a JPEG", Buffer.concat([jpeg, planted, zip]));
  await cleaned("ZIP behind a PNG", Buffer.concat([await plainPng(), planted, zip]));
  await cleaned("XMP in a JPEG", withSegments(jpeg, segment(0xe1, latin("http://ns.adobe.com/xap/1.0/\0"), laughs)));
  await cleaned("XMP in a video", makeMp4({ movieExtra: [box("udta", box("XMP_", laughs))] }));
  const svg = Buffer.concat([
    laughs.subarray(0, -laughs.length + laughs.indexOf("<x:xmp")),
    latin("<svg xmlns='http://www.w3.org/2000/svg'>&u;</svg>"),
  ]);
  await refused("SVG", svg);
});

/** What two programs open as two things: the first bytes decide, and of the second nothing is left. */
test("a JPEG that is also an MP4, a PDF, a ZIP, a page; a video that is also a JPEG", async () => {
  const jpeg = await plainJpeg();
  const png = await plainPng();
  const gif = await still();
  const movie = makeMp4({ movieExtra: [box("udta", box("©nam", planted))] });
  const place = withSegments(jpeg, exifSegment());
  const pdf = latin(`%PDF-1.7\n1 0 obj <</Title (${PLANTED})>> endobj\n%%EOF`);
  const page = latin(`<html><body>${PLANTED}<script>alert(1)</script>--></html>`);
  const [vp8] = chunksOf(await lossy()).filter(({ type }) => type === "VP8 ");
  assert.ok(vp8 !== undefined);
  // FF D8 FF ED, and a segment as long as the box "ftyp" needs: some players look for boxes wherever they are.
  const inSegments = withSegments(jpeg, segment(0xed, movie.subarray(0, 60_000)));
  const heif = await plainParts();
  const tiff = await plainTiff();
  const end = tiff.length + (tiff.length % 2);
  const cases: readonly (readonly [string, string, Buffer])[] = [
    ["a JPEG with a video in a segment", "jpeg", inSegments],
    ["a JPEG with a video behind", "jpeg", Buffer.concat([jpeg, movie])],
    ["a JPEG with a PDF in its comment", "jpeg", withSegments(jpeg, segment(0xfe, pdf))],
    ["a JPEG with a page in its comment", "jpeg", withSegments(jpeg, segment(0xfe, page))],
    [
      "a JPEG with a GIF's name in its Exif",
      "jpeg",
      withSegments(jpeg, segment(0xe1, latin("Exif\0\0GIF89a"), planted)),
    ],
    ["a PNG with a JPEG in a chunk", "png", before(png, "IDAT", pngChunk("prVt", place))],
    ["a PNG with a PDF in a text", "png", before(png, "IDAT", pngChunk("tEXt", latin("Comment\0"), pdf))],
    ["a GIF with a page in a comment", "gif", insert(gif, 13 + (3 << (((gif[10] ?? 0) & 7) + 1)), comment(page))],
    ["a WebP with a JPEG in a chunk", "webp", riff(extended(0), vp8.whole, riffChunk("priv", place))],
    [
      "a TIFF with a JPEG between its strips",
      "tiff",
      withTags(tiff, [long(330, end)], [directory([bytesTag(0x9286, planted)], end), place]),
    ],
    ["a video with a JPEG before the movie", "mp4", makeMp4({ before: [box("free", place)] })],
    ["a video with a PDF before the movie", "mp4", makeMp4({ before: [box("free", pdf)] })],
    ["a video with a whole video within", "mp4", makeMp4({ before: [box("uuid", Buffer.alloc(16), movie)] })],
    ["a video with Matroska behind", "mp4", Buffer.concat([makeMp4(), makeMkv({ info: [el(0x7ba9, planted)] })])],
    ["a picture with a video behind", "avif", makeHeif({ ...heif, after: movie })],
    ["a JPEG XL with a JPEG in a box", "jxl", jxl(box("jbrd", place), jxlPicture)],
    ["Matroska with a JPEG in a void", "mkv", makeMkv({ segmentExtra: [el(0xec, place)] })],
  ];
  for (const [name, format, bytes] of cases) {
    assert.ok(holdsPlanted(bytes), name);
    const output = await cleaned(name, bytes);
    for (const mark of ["%PDF-", "<script", "moov", "II*\0", "Exif\0\0"])
      if (!(mark === "moov" && format === "mp4") && !(mark === "II*\0" && format === "tiff"))
        assert.equal(output.includes(Buffer.from(mark, "latin1")), false, `${name}: ${mark}`);
    const found = await inspectBytes(output);
    assert.ok(found.ok && found.format === format, name);
  }
});
