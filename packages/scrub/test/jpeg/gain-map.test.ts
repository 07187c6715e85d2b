import assert from "node:assert/strict";
import { test } from "node:test";
import { be16, encoder, holdsPlanted, inspectBytes, pixels, planted, PLANTED, stripBytes } from "../files.ts";
import { mutate, seeded } from "../fuzz/mutate.ts";
import { heifCases, makeHeif, plainParts } from "../heif/heifs.ts";
import { jxlCases } from "../jxl/jxls.ts";
import { CHANNELS, ISO, iso, isoCommon, made, PARAMETERS, segment, xmp } from "./ultra-hdr.ts";

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

test("of a format whose gain map can't be kept, that is said, and it goes", async () => {
  const heif = await heifCases();
  const parts = await plainParts();
  const tone = Buffer.concat([Buffer.from([0]), planted]);
  const cases: readonly (readonly [string, Buffer | undefined])[] = [
    ["JPEG XL", jxlCases.find(({ name }) => name === "a gain map")?.bytes],
    ["Apple's in HEIF", heif.find(({ name }) => name === "a gain map")?.bytes],
    [
      "ISO 21496-1 in HEIF",
      makeHeif({
        ...parts,
        items: [...parts.items, { id: 7, type: "tmap", data: tone }],
        references: [["dimg", 7, [1]]],
      }),
    ],
  ];
  for (const [name, bytes] of cases) {
    assert.ok(bytes !== undefined, name);
    const { outcome, bytes: clean } = await stripBytes(bytes, kept);
    assert.ok(outcome.ok && outcome.kept.includes("no gain map (it can be kept of a JPEG only)"), name);
    assert.equal(holdsPlanted(clean), false, name);
    assert.deepEqual(clean, (await stripBytes(bytes)).bytes, name);
  }
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
