import assert from "node:assert/strict";
import { test } from "node:test";
import { box, latin } from "../boxes.ts";
import { be32, inspectBytes, planted, stripBytes } from "../files.ts";
import { proveCleaned, proveDamaged, proveTruncations } from "../prove.ts";
import { codestream, exif, file, jxlCases as cases, picture } from "./jxls.ts";

/** The codestream, joined. */
const shown = (bytes: Buffer): Promise<string> => {
  const parts: Buffer[] = [];
  for (let at = 12; at + 8 <= bytes.length;) {
    const size = bytes.readUInt32BE(at);
    const type = bytes.toString("latin1", at + 4, at + 8);
    if (size < 8) break;
    if (type === "jxlc" && parts.length === 0) parts.push(bytes.subarray(at + 8, at + size));
    if (type === "jxlp") parts.push(bytes.subarray(at + 12, at + size));
    at += size;
  }
  return Promise.resolve(Buffer.concat(parts).toString("hex"));
};

test("whatever is planted where, the output does not hold it, and has the same codestream", async () => {
  await proveCleaned(cases, "jxl", shown);
});

test("a bare codestream is copied as it is", async () => {
  const { outcome, bytes } = await stripBytes(codestream);
  assert.ok(outcome.ok && outcome.removed.length === 0);
  assert.deepEqual(bytes, codestream);
});

test("what is hidden in a codestream is refused", async () => {
  const bits = (...values: readonly (readonly [value: number, count: number])[]): Buffer => {
    const out = Buffer.alloc(64, 0);
    let at = 16;
    out[0] = 0xff;
    out[1] = 0x0a;
    for (const [value, count] of values)
      for (let i = 0; i < count; i += 1) {
        out[at >> 3] = (out[at >> 3] ?? 0) | (((value >> i) & 1) << (at & 7));
        at += 1;
      }
    return out;
  };
  const small = [
    [1, 1],
    [0, 5],
    [1, 3],
    [0, 1],
  ] as const;
  const preview = bits(...small, [1, 1], [0, 3], [0, 1], [1, 1]);
  // No extra fields; eight bits; one channel that is not as usual: depth.
  const depth = bits(...small, [0, 1], [0, 1], [0, 2], [0, 1], [1, 2], [0, 1], [1, 2], [0, 1], [0, 2], [0, 2], [0, 2]);
  const named = bits(
    ...small,
    [0, 1],
    [0, 1],
    [0, 2],
    [0, 1],
    [1, 2],
    [0, 1],
    [0, 2],
    [0, 1],
    [0, 2],
    [0, 2],
    [1, 2],
    [5, 4],
  );
  for (const [name, bytes, code] of [
    ["a preview", preview, "scrub_unsupported"],
    ["a preview in a container", file(box("jxlc", preview)), "scrub_unsupported"],
    ["depth", depth, "scrub_unsupported"],
    ["a channel with a name", named, "scrub_doubtful"],
    ["text behind the last frame", Buffer.concat([codestream, planted]), "scrub_doubtful"],
    ["a picture behind the last frame", Buffer.concat([codestream, latin("\u0089PNG\r\n\u001a\n")]), "scrub_doubtful"],
    ["parts out of order", file(box("jxlp", be32(1), codestream)), "scrub_damaged"],
    ["no last part", file(box("jxlp", be32(0), codestream)), "scrub_damaged"],
    ["no codestream", file(exif), "scrub_damaged"],
  ] as const) {
    const { outcome, writes } = await stripBytes(bytes);
    assert.equal(outcome.ok ? "cleaned" : outcome.code, code, name);
    assert.equal(writes, 0, name);
  }
});

test("place and device are told", async () => {
  const found = await inspectBytes(file(exif, picture));
  assert.ok(found.ok);
  assert.ok(found.findings.some(({ name, value }) => name === "GPSPosition" && value === "47.3769, 8.5417"));
});

test("every truncation is refused or clean", async () => {
  await proveTruncations(file(exif, picture, box("free", planted)));
});

test("bytes changed by chance: refused, or clean and the same when cleaned again", async () => {
  await proveDamaged(cases, 6, 3000, false);
});
