import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesSource, type PicturePage, picturesToPdf, type PicturesToPdfOutcome } from "../../src/index.ts";
import {
  asciiEntry,
  encoder,
  holdsPlanted,
  inspectBytes,
  lentSource,
  makeTiff,
  planted,
  PLANTED,
  stripBytes,
} from "../files.ts";
import { holdInvariants } from "../fuzz/invariants.ts";
import { mutate, seeded } from "../fuzz/mutate.ts";
import { exifSegment, segment, withSegments } from "../jpeg/jpegs.ts";

const CLEAN = { ok: true, format: "pdf", findings: [], trailingBytes: 0 };

const make = async (pages: readonly PicturePage[]): Promise<{ outcome: PicturesToPdfOutcome; bytes: Buffer }> => {
  const parts: Buffer[] = [];
  const outcome = await picturesToPdf(pages, { write: (bytes) => void parts.push(Buffer.from(bytes)) });
  return { outcome, bytes: Buffer.concat(parts) };
};

const pageOf = (jpeg: Buffer, widthPoints = 200.125, heightPoints = 100): PicturePage => ({
  picture: lentSource(jpeg),
  widthPoints,
  heightPoints,
});

/** With a name in it, and nothing that needs turning. */
const named = async (): Promise<Buffer> =>
  withSegments(
    await encoder(24, 16).jpeg().toBuffer(),
    segment(0xe1, Buffer.concat([Buffer.from("Exif\0\0"), makeTiff([asciiEntry(0x13b, PLANTED)])])),
  );
const grey = (): Promise<Buffer> => encoder(8, 8).greyscale().jpeg({ progressive: true }).toBuffer();

test("pictures are cleaned, and the PDF of them gives nothing away and is the same when cleaned", async () => {
  const pages = [pageOf(await named()), pageOf(await grey(), 14_400, 1)];
  const { outcome, bytes } = await make(pages);
  assert.deepEqual(outcome, { ok: true, pages: 2, sizeBytes: bytes.length });
  assert.equal(holdsPlanted(bytes), false);
  assert.deepEqual(await inspectBytes(bytes), CLEAN);
  const again = await stripBytes(bytes);
  assert.deepEqual(again.outcome, { ok: true, format: "pdf", removed: [], kept: [], sizeBytes: bytes.length });
  assert.deepEqual(again.bytes, bytes);
  assert.deepEqual((await make(pages)).bytes, bytes);
  await holdInvariants(bytes);
});

test("what is no upright JPEG, no size and no page is refused", async () => {
  const jpeg = await named();
  for (const [name, pages, code] of [
    ["a PNG", [pageOf(await encoder().png().toBuffer())], "scrub_unsupported"],
    ["a turned picture", [pageOf(withSegments(jpeg, exifSegment(6)))], "scrub_unsupported"],
    ["four colours", [pageOf(await encoder().toColourspace("cmyk").jpeg().toBuffer())], "scrub_unsupported"],
    ["nothing", [pageOf(Buffer.alloc(0))], "empty_file"],
    ["no pages", [], "scrub_unsupported"],
  ] as const) {
    const { outcome } = await make(pages);
    assert.equal(outcome.ok ? "made" : outcome.code, code, name);
  }
  for (const size of [0, -1, Number.NaN, 14_401, Number.POSITIVE_INFINITY])
    await assert.rejects(make([pageOf(jpeg, size)]), RangeError);
});

test("one byte of ours that is another, and it is a PDF like others", async () => {
  const jpeg = await grey();
  const { bytes } = await make([pageOf(jpeg)]);
  const from = bytes.indexOf("\u00ff\u00d8", 0, "latin1");
  const to = bytes.indexOf("\nendstream\nendobj\n2 0 obj");
  for (let at = 0; at < bytes.length; at += 1) {
    if (at >= from && at < to) continue;
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    assert.equal((await stripBytes(changed)).outcome.ok, false, `byte ${at}`);
  }
});

test("what is put into such a PDF afterwards is not passed on", async () => {
  const clean = await encoder(24, 16).jpeg().toBuffer();
  const { bytes } = await make([pageOf(clean)]);
  const text = bytes.toString("latin1");
  const sizeOf = (jpeg: Buffer): string =>
    text.replace(/\/Length \d+>>\nstream\n\u00ff/u, `/Length ${jpeg.length}>>\nstream\n\u00ff`);
  const whole = /\u00ff\u00d8[^]*\u00ff\u00d9/u;
  for (const changed of [
    text.replace(whole, (await named()).toString("latin1")),
    sizeOf(await named()).replace(whole, (await named()).toString("latin1")),
    text.replace("1 0 obj\n<</Type/Catalog", `1 0 obj\n<</Mine(${PLANTED})/Type/Catalog`),
    `${text}${PLANTED}`,
    `${text}${text}`,
    text.replace("\nendstream\nendobj\n2 0", `${PLANTED}\nendstream\nendobj\n2 0`),
  ]) {
    const { outcome, bytes: out } = await stripBytes(Buffer.from(changed, "latin1"));
    assert.equal(outcome.ok, false);
    assert.equal(out.length, 0);
  }
});

test("damage of every kind: what passes is still clean", async () => {
  const { bytes } = await make([pageOf(await grey()), pageOf(await grey(), 9, 9)]);
  const random = seeded(73);
  for (let run = 0; run < 600; run += 1) {
    const { output } = await holdInvariants(mutate(bytes, planted, random));
    assert.equal(output.includes(planted), false, `run ${run}`);
  }
  for (let length = 0; length < bytes.length; length += 3)
    assert.equal((await holdInvariants(bytes.subarray(0, length))).ok, false);
});

test("pages come one by one, and a stop is heard between them", async () => {
  const jpeg = await grey();
  const abort = new AbortController();
  let asked = 0;
  const pages = async function* (): AsyncGenerator<PicturePage> {
    for (;;) {
      asked += 1;
      if (asked === 3) abort.abort(new Error("stopped"));
      yield await Promise.resolve({ picture: bytesSource(jpeg), widthPoints: 10, heightPoints: 10 });
    }
  };
  await assert.rejects(picturesToPdf(pages(), { write: () => {} }, { signal: abort.signal }), /stopped/u);
  assert.equal(asked, 3);
  const endless = await picturesToPdf(
    (function* () {
      for (;;) yield pageOf(jpeg, 1, 1);
    })(),
    { write: () => {} },
  );
  assert.equal(endless.ok ? "made" : endless.code, "scrub_unsupported");
});
