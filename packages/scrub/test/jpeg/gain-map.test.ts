import assert from "node:assert/strict";
import { test } from "node:test";
import {
  asciiEntry,
  be16,
  be32,
  encoder,
  holdsPlanted,
  inspectBytes,
  makeTiff,
  pixels,
  planted,
  PLANTED,
  stripBytes,
} from "../files.ts";
import { mutate, seeded } from "../fuzz/mutate.ts";
import { jxlCases } from "../jxl/jxls.ts";

const latin = (text: string): Buffer => Buffer.from(text, "latin1");
const segment = (marker: number, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([0xff, marker]), be16(body.length + 2), body]);
};
const ISO = latin("urn:iso:std:iso:ts:21496:-1\0");
const xmp = (content: string): Buffer => segment(0xe1, latin(`http://ns.adobe.com/xap/1.0/\0${content}`));

/** As libultrahdr writes them, with something planted. */
const PARAMETERS = `<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="${PLANTED}"><rdf:RDF><rdf:Description hdrgm:Version="1.0" hdrgm:GainMapMin="-0.5" hdrgm:GainMapMax="2.3219281" hdrgm:Gamma="1" hdrgm:OffsetSDR="0.015625" hdrgm:OffsetHDR="0.015625" hdrgm:HDRCapacityMin="0" hdrgm:HDRCapacityMax="2.3219281" hdrgm:BaseRenditionIsHDR="False" dc:creator="${PLANTED}"/></rdf:RDF></x:xmpmeta>`;
const CHANNELS = `<rdf:Description hdrgm:Version="1.0" hdrgm:HDRCapacityMax="3"><hdrgm:GainMapMax><rdf:Seq><rdf:li>1.5</rdf:li><rdf:li>2</rdf:li><rdf:li>2.25</rdf:li></rdf:Seq></hdrgm:GainMapMax><dc:creator>${PLANTED}</dc:creator></rdf:Description>`;

const fraction = (numerator: number, denominator: number): Buffer =>
  Buffer.concat([be32(numerator >>> 0), be32(denominator)]);
/** ISO 21496-1 with a channel: headrooms, least and most gain, gamma, two offsets. */
const iso = (writer = 0): Buffer =>
  segment(
    0xe2,
    ISO,
    be16(0),
    be16(writer),
    Buffer.from([0x40]),
    fraction(0, 1),
    fraction(5, 2),
    fraction(-1, 2),
    fraction(5, 2),
    fraction(1, 1),
    fraction(1, 64),
    fraction(1, 64),
  );
const isoCommon = segment(
  0xe2,
  ISO,
  be16(0),
  be16(0),
  Buffer.from([0x48]),
  ...[2, 0, 5, -1, 5, 2, 1, 1].map((one) => be32(one >>> 0)),
);

const mpf = (offset: number): Buffer =>
  segment(
    0xe2,
    latin("MPF\0II*\0"),
    Buffer.from("08000000010002b0070020000000", "hex"),
    Buffer.from("1a00000000000000", "hex"),
    Buffer.alloc(24),
    Buffer.from([offset & 255, (offset >> 8) & 255, (offset >> 16) & 255, 0]),
    Buffer.alloc(4),
  );

const exif = segment(0xe1, latin("Exif\0\0"), makeTiff([asciiEntry(0x010f, PLANTED)]));
const behindStart = (jpeg: Buffer, ...parts: readonly Buffer[]): Buffer =>
  Buffer.concat([jpeg.subarray(0, 2), ...parts, jpeg.subarray(2)]);

interface Made {
  readonly bytes: Buffer;
  readonly main: Buffer;
  readonly map: Buffer;
}

const made = async (
  parameters: readonly Buffer[],
  options: { readonly gap?: Buffer; readonly indexed?: boolean; readonly after?: Buffer } = {},
): Promise<Made> => {
  const main = await encoder().jpeg().toBuffer();
  const map = await encoder(36, 20, 3).grayscale().jpeg().toBuffer();
  const head = [
    exif,
    xmp(`<rdf:Description hdrgm:Version="1.0" xmp:CreatorTool="${PLANTED}"/>`),
    segment(0xe2, ISO, Buffer.alloc(4)),
  ];
  const gap = options.gap ?? Buffer.alloc(0);
  const size = behindStart(main, ...head, mpf(0)).length;
  const at = 2 + head.reduce((sum, { length }) => sum + length, 0) + 8;
  const index = options.indexed === false ? [] : [mpf(size + gap.length - at)];
  const second = behindStart(map, exif, ...parameters);
  return {
    bytes: Buffer.concat([behindStart(main, ...head, ...index), gap, second, options.after ?? Buffer.alloc(0)]),
    main,
    map,
  };
};

const kept = { keepGainMap: true };

/** The second picture by the index, which counts from its own byte order mark. */
const mapOf = (clean: Buffer): Buffer => {
  const mark = clean.indexOf("MPF\0MM", 0, "latin1") + 4;
  assert.ok(mark > 4);
  assert.equal(clean.readUInt32BE(mark + 50 + 4), mark + clean.readUInt32BE(mark + 50 + 16 + 8), "size of the first");
  const at = mark + clean.readUInt32BE(mark + 50 + 16 + 8);
  assert.equal(clean.readUInt32BE(mark + 50 + 16 + 4), clean.length - at, "size of the second");
  return clean.subarray(at);
};

for (const [name, parameters, options] of [
  ["Ultra HDR", [xmp(PARAMETERS)], {}],
  ["channels of their own", [xmp(CHANNELS)], {}],
  ["ISO 21496-1", [iso()], {}],
  ["ISO 21496-1 with one denominator", [isoCommon], {}],
  ["both", [xmp(PARAMETERS), iso(7)], {}],
  ["not in the index", [xmp(PARAMETERS)], { indexed: false }],
  ["something between and behind", [xmp(PARAMETERS)], { gap: planted, after: planted }],
] as const) {
  test(`a gain map that is asked for stays, itself cleaned: ${name}`, async () => {
    const { bytes, main, map } = await made(parameters, options);
    const { outcome, bytes: clean } = await stripBytes(bytes, kept);
    assert.ok(outcome.ok, outcome.ok ? "" : outcome.reason);
    assert.ok(outcome.kept.includes("gain map"));
    assert.equal(holdsPlanted(clean), false);
    const second = mapOf(clean);
    assert.deepEqual(await pixels(clean), await pixels(main));
    assert.deepEqual(await pixels(second), await pixels(map));
    assert.deepEqual((await stripBytes(clean, kept)).bytes, clean, "not the same when cleaned again");
    const again = (await stripBytes(clean, kept)).outcome;
    assert.ok(again.ok && again.removed.length === 0);
    const text = clean.toString("latin1");
    assert.equal(
      /Item:Length="(\d+)"/u.exec(text)?.[1],
      parameters.some((one) => one[1] === 0xe1) ? String(second.length) : undefined,
    );
    if (name === "Ultra HDR") assert.ok(text.includes('hdrgm:GainMapMax="2.321928" hdrgm:GainMapMin="-0.5"'));
    if (name === "channels of their own")
      assert.ok(text.includes("<rdf:li>1.5</rdf:li><rdf:li>2</rdf:li><rdf:li>2.25</rdf:li>"));
    if (name.startsWith("ISO")) {
      const at = second.indexOf(ISO) + ISO.length;
      assert.equal(second[at + 4], 0x40);
      const [numerator, denominator] = [second.readInt32BE(at + 5 + 16), second.readUInt32BE(at + 5 + 20)];
      assert.equal(numerator / denominator, -0.5);
    }
  });
}

test("without being asked for, it goes", async () => {
  const { bytes, main } = await made([xmp(PARAMETERS), iso()]);
  const { outcome, bytes: clean } = await stripBytes(bytes);
  assert.ok(outcome.ok && !outcome.kept.join().includes("gain map"));
  assert.equal(clean.includes("hdrgm"), false);
  assert.ok(clean.length < main.length + 200);
  assert.deepEqual(await inspectBytes(clean), { ok: true, format: "jpeg", findings: [], trailingBytes: 0 });
});

test("what does not say how it is applied goes, and that is said", async () => {
  const { bytes: apple } = await made([xmp(`<rdf:Description HDRGainMap:HDRGainMapVersion="65536"/>`)]);
  const { bytes: reversed } = await made([xmp(PARAMETERS.replace('HDR="False"', 'HDR="True"'))]);
  const { bytes: text } = await made([xmp(PARAMETERS.replace('GainMapMax="2.3219281"', `GainMapMax="${PLANTED}"`))]);
  const { bytes: huge } = await made([segment(0xe2, ISO, be16(0), be16(0), Buffer.from([0x40]), planted, planted)]);
  for (const [name, bytes] of Object.entries({ apple, reversed, text, huge })) {
    const { outcome, bytes: clean } = await stripBytes(bytes, kept);
    assert.ok(outcome.ok, name);
    assert.ok(
      outcome.kept.some((one) => one.startsWith("no gain map")),
      name,
    );
    assert.equal(holdsPlanted(clean) || clean.includes("hdrgm"), false, name);
    assert.deepEqual(clean, (await stripBytes(bytes)).bytes, name);
  }
  const plain = await stripBytes(await encoder().jpeg().toBuffer(), kept);
  assert.ok(plain.outcome.ok && !plain.outcome.kept.join().includes("gain map"));
});

test("of a format whose gain map can't be kept, that is said", async () => {
  const one = jxlCases.find(({ name }) => name === "a gain map");
  const { outcome } = await stripBytes(one?.bytes ?? planted, kept);
  assert.ok(outcome.ok && outcome.kept.includes("no gain map (it can be kept of a JPEG only)"));
});

test("every truncation and damage by chance: clean or refused, and the same when cleaned again", async () => {
  const { bytes } = await made([xmp(PARAMETERS), iso()], { gap: planted, after: planted });
  const random = seeded(5);
  const files = [
    ...Array.from({ length: 150 }, (_, n) => bytes.subarray(0, bytes.length - 3 * n)),
    ...Array.from({ length: 250 }, () => mutate(bytes, bytes, random)),
  ];
  for (const [index, file] of files.entries()) {
    const { outcome, bytes: clean } = await stripBytes(file, kept);
    if (!outcome.ok) {
      assert.notEqual(outcome.code, "scrub_incomplete", String(index));
      continue;
    }
    assert.deepEqual((await stripBytes(clean, kept)).bytes, clean, String(index));
    if (index < 150) assert.equal(holdsPlanted(clean), false, String(index));
  }
});
