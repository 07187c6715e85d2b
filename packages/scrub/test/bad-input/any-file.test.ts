/** Whatever somebody drops: it is cleaned or refused, and never passed through. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { inspect, strip } from "../../src/index.ts";
import { latin } from "../boxes.ts";
import { holdsPlanted, inspectBytes, lentSource, planted, stripBytes } from "../files.ts";
import { holdInvariants } from "../fuzz/invariants.ts";
import { type WholeFile, wholeFiles } from "./whole-files.ts";

let files: readonly WholeFile[] = [];
before(async () => {
  files = await wholeFiles();
});

test("each format alone is told by its bytes, cleaned, and shorter or of other bytes than before", async () => {
  for (const { name, format, bytes } of files) {
    assert.ok(holdsPlanted(bytes), `${name}: nothing planted`);
    const { outcome, bytes: clean } = await stripBytes(bytes);
    assert.ok(outcome.ok, `${name}: ${outcome.ok || outcome.reason}`);
    assert.equal(outcome.format, format, name);
    assert.ok(!holdsPlanted(clean) && !clean.equals(bytes), name);
  }
});

test("an empty file, and one byte of each value", async () => {
  for (const outcome of [await inspectBytes(Buffer.alloc(0)), (await stripBytes(Buffer.alloc(0))).outcome])
    assert.deepEqual(outcome, { ok: false, code: "empty_file", reason: "the file is empty", format: "unknown" });
  for (let value = 0; value < 256; value += 1) {
    const { ok, code } = await holdInvariants(Buffer.from([value]));
    assert.deepEqual([ok, code], [false, "scrub_unknown_format"]);
  }
});

test("the first bytes of each format and nothing behind them are refused", async () => {
  for (const { name, bytes } of files)
    for (const length of [2, 3, 4, 8, 12, 16, 24])
      assert.equal((await holdInvariants(bytes.subarray(0, length))).ok, false, `${name}, ${length} bytes`);
});

/** First bytes of what is not cleaned: cameras' raw files, documents, archives, sound, other pictures and videos. */
const OTHERS: Readonly<Record<string, Buffer>> = {
  "Canon CR2": latin("II*\0\u0010\0\0\0CR\u0002\0"),
  "Canon CR3": Buffer.concat([Buffer.from([0, 0, 0, 24]), latin("ftypcrx \0\0\0\u0001crx isom")]),
  "Fujifilm RAF": latin("FUJIFILMCCD-RAW 0201"),
  "Olympus ORF": latin("IIRO\u0008\0\0\0"),
  "Panasonic RW2": latin("IIU\0\u0018\0\0\0"),
  "Minolta MRW": latin("\0MRM\0\0\0\0"),
  "Sigma X3F": latin("FOVb\0\0\u0003\0"),
  Photoshop: latin("8BPS\0\u0001\0\0"),
  icon: Buffer.from([0, 0, 1, 0, 1, 0, 16, 16]),
  "JPEG 2000": latin("\0\0\0\u000cjP  \r\n\u0087\n"),
  "JPEG 2000 codestream": Buffer.from([0xff, 0x4f, 0xff, 0x51]),
  OpenEXR: Buffer.from([0x76, 0x2f, 0x31, 0x01]),
  "PNG's animated cousin MNG": latin("\u008aMNG\r\n\u001a\n"),
  AVI: latin("RIFF\u0040\0\0\0AVI LIST"),
  WAV: latin("RIFF\u0040\0\0\0WAVEfmt "),
  "Windows Media": Buffer.from("3026b2758e66cf11a6d900aa0062ce6c", "hex"),
  "Flash video": latin("FLV\u0001\u0005\0\0\0\u0009"),
  "MPEG transport stream": Buffer.concat([Buffer.from([0x47, 0x40, 0, 0x10]), Buffer.alloc(184, 0xff)]),
  "MPEG program stream": Buffer.from([0, 0, 1, 0xba, 0x44, 0, 4, 0]),
  Ogg: latin("OggS\0\u0002"),
  MP3: latin("ID3\u0004\0\0\0\0\0\0"),
  FLAC: latin("fLaC\0\0\0\u0022"),
  "ZIP, Word, Excel": latin("PK\u0003\u0004\u0014\0"),
  "old Word": Buffer.from("d0cf11e0a1b11ae1", "hex"),
  gzip: Buffer.from([0x1f, 0x8b, 8, 0]),
  HTML: latin("<!DOCTYPE html><html><body>"),
  PostScript: latin("%!PS-Adobe-3.0 EPSF-3.0\n"),
  text: latin("a text\n"),
};

test("raw files, documents, archives, sound and other formats are refused, never passed through", async () => {
  for (const [name, head] of Object.entries(OTHERS)) {
    const { outcome, writes } = await stripBytes(Buffer.concat([head, planted, Buffer.alloc(600, 0x41), planted]));
    assert.ok(!outcome.ok, name);
    assert.equal(writes, 0, name);
    assert.ok(!outcome.reason.includes("Marta"), name);
  }
});

test("pictures and videos one behind the other: the first is cleaned, of the rest nothing is left", async () => {
  for (const first of files) {
    const { outcome: alone, bytes: clean } = await stripBytes(first.bytes);
    assert.ok(alone.ok, first.name);
    for (const second of files) {
      const joined = Buffer.concat([first.bytes, second.bytes]);
      const { output, ok, code } = await holdInvariants(joined);
      const name = `${first.name}, then ${second.name}: ${code}`;
      assert.equal(holdsPlanted(output), false, name);
      if (ok) assert.ok(output.equals(clean), name);
      else assert.equal(first.name, ENDLESS, name);
    }
  }
});

/** Its size is not told, so all that follows belongs to it, and what is no element is damage. */
const ENDLESS = "MKV of no told size";

test("what is appended is found and counted, whatever it is", async () => {
  for (const { name, bytes, format } of files) {
    if (name === ENDLESS) continue;
    const { outcome, bytes: clean } = await stripBytes(Buffer.concat([bytes, Buffer.alloc(37), planted]));
    assert.ok(outcome.ok, `${name}: ${outcome.ok || outcome.reason}`);
    assert.ok(
      outcome.removed.some(({ where }) => /after the end|throughout/u.test(where)),
      name,
    );
    assert.deepEqual(await inspectBytes(clean), { ok: true, format, findings: [], trailingBytes: 0 }, name);
  }
});

/** Zeros from the end of the file on, up to a size that no memory holds; says how much was read. */
const endless = (bytes: Buffer, sizeBytes: number) => {
  const told = { readBytes: 0 };
  const source = {
    sizeBytes,
    read(offset: number, length: number): Promise<Uint8Array> {
      const out = new Uint8Array(Math.max(0, Math.min(length, sizeBytes - offset)));
      if (offset < bytes.length) out.set(bytes.subarray(offset, offset + out.length));
      told.readBytes += out.length;
      return Promise.resolve(out);
    },
  };
  return { source, told };
};

const TERABYTE = 2 ** 40;
/** 64 MiB are searched for what to tell of them, once. */
const READ_AT_MOST = 72 << 20;

test("a terabyte of zeros behind a file is left out without being read", async () => {
  for (const { name, bytes } of files) {
    const { source, told } = endless(bytes, TERABYTE);
    const parts: Buffer[] = [];
    const outcome = await strip(source, { write: (part) => void parts.push(Buffer.from(part)) });
    assert.ok(told.readBytes < READ_AT_MOST, `${name}: ${told.readBytes} bytes read`);
    const { outcome: alone, bytes: clean } = await stripBytes(bytes);
    assert.ok(alone.ok);
    assert.equal(outcome.ok, name !== ENDLESS, name);
    assert.ok(Buffer.concat(parts).equals(outcome.ok ? clean : Buffer.alloc(0)), name);
  }
});

test("a source that fails, or is shorter than it says, ends in what it throws or in a refusal", async () => {
  for (const { name, bytes } of files) {
    const gone = Object.assign(new Error("gone"), { code: "EIO" });
    for (let at = 0; at < bytes.length; at += 97) {
      const source = {
        sizeBytes: bytes.length,
        read: (offset: number, length: number): Promise<Uint8Array> =>
          offset + length > at ? Promise.reject(gone) : lentSource(bytes).read(offset, length),
      };
      await assert.rejects(inspect(source), gone, name);
      // What says it is longer than it turns out to be: a file that is being cut while it is read.
      const short = { ...lentSource(bytes.subarray(0, at)), sizeBytes: bytes.length };
      const written: Uint8Array[] = [];
      const outcome = await strip(short, { write: (part) => void written.push(part.slice()) }).catch(
        (error: unknown) => error,
      );
      if (outcome instanceof Error) assert.match(outcome.message, /./u);
      assert.equal(holdsPlanted(Buffer.concat(written)), false, name);
    }
  }
});
