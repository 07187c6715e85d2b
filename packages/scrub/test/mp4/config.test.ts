/** Decoder configurations of HEVC, of which nothing here encodes a video. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { cleanHevcConfig } from "../../src/codec/config.ts";
import { SeiReport } from "../../src/codec/sei.ts";
import { planted } from "../files.ts";

/** An array of one unit: kind, number of units, length, unit. */
const array = (kind: number, unit: Buffer): Buffer =>
  Buffer.concat([Buffer.from([kind, 0, 1, unit.length >> 8, unit.length & 255]), unit]);
const HEAD = Buffer.from("01016000000090000000000078f000fcfdf8f800000f", "hex");
/** Types 32 to 34 in six bits, and in a second byte layer 0. */
const SETS = [32, 33, 34].map((type) => array(0x80 | type, Buffer.from([type << 1, 1, 0x42, 0x90])));

test("a part of a picture among HEVC's parameter sets is left out", () => {
  const configOf = (...arrays: readonly Buffer[]): Buffer =>
    Buffer.concat([HEAD, Buffer.from([arrays.length]), ...arrays]);
  for (const type of [1, 19, 35, 36, 62]) {
    const unit = Buffer.concat([Buffer.from([type << 1, 1]), planted]);
    const report = new SeiReport();
    const options = { keepRpu: true, report };
    const { bytes } = cleanHevcConfig(configOf(...SETS, array(0x80 | type, unit)), options);
    assert.deepEqual(Buffer.from(bytes), configOf(...SETS), `type ${type}`);
  }
});
