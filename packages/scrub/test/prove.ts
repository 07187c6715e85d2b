/** What is asked of every format alike. */
import assert from "node:assert/strict";
import { holdInvariants } from "./fuzz/invariants.ts";
import { mutate, seeded } from "./fuzz/mutate.ts";
import type { Format } from "../src/index.ts";
import { holdsPlanted, planted, inspectBytes, stripBytes } from "./files.ts";

export interface Case {
  readonly name: string;
  readonly bytes: Buffer;
  /** What shows the same, where decoders don't open the file itself. */
  readonly like?: Buffer;
}

/** The planted string is found to be something and is gone, and `shown` (pixels, timing) is the same. */
export const proveCleaned = async (
  cases: readonly Case[],
  format: Format,
  shown: (bytes: Buffer) => Promise<unknown>,
): Promise<void> => {
  for (const { name, bytes, like = bytes } of cases) {
    const found = await inspectBytes(bytes);
    assert.ok(found.ok, `${name}: ${found.ok || found.reason}`);
    assert.ok(found.findings.length > 0, `${name}: nothing found`);
    const { outcome, bytes: clean } = await stripBytes(bytes);
    assert.ok(outcome.ok, `${name}: ${outcome.ok || outcome.reason}`);
    assert.equal(holdsPlanted(clean), false, name);
    assert.deepEqual(outcome.removed, found.findings, name);
    assert.equal(outcome.sizeBytes, clean.length, name);
    assert.deepEqual(await shown(clean), await shown(like), name);
    assert.deepEqual(await inspectBytes(clean), { ok: true, format, findings: [], trailingBytes: 0 }, name);
    assert.deepEqual((await stripBytes(clean)).bytes, clean, `${name}: not the same when cleaned again`);
  }
};

/** Every beginning of a file is cleaned or refused, never thrown about. */
export const proveTruncations = async (whole: Buffer): Promise<void> => {
  for (let length = 0; length < whole.length; length += 1) {
    const { output } = await holdInvariants(whole.subarray(0, length));
    assert.equal(holdsPlanted(output), false, `cut at ${length}`);
  }
};

/** A short run of the fuzzer; `npm run fuzz` does longer ones. Without `planting`, the string may become pixels. */
export const proveDamaged = async (
  cases: readonly Case[],
  seed: number,
  runs: number,
  planting = true,
): Promise<void> => {
  const random = seeded(seed);
  for (let run = 0; run < runs; run += 1) {
    const one = cases[random(cases.length)];
    const other = cases[random(cases.length)];
    if (one === undefined || other === undefined) throw new Error("no files to damage");
    const { output } = await holdInvariants(mutate(one.bytes, other.bytes, random)).catch((error: unknown) => {
      throw new Error(`seed ${seed}, run ${run}, from "${one.name}"`, { cause: error });
    });
    if (planting) assert.equal(output.includes(planted), false, `seed ${seed}, run ${run}, from "${one.name}"`);
  }
};

/** Bytes of no meaning behind the format's first ones. */
export const proveRandom = async (start: Uint8Array, seed: number, runs: number): Promise<void> => {
  const random = seeded(seed);
  for (let run = 0; run < runs; run += 1) {
    const rest = Buffer.from(Array.from({ length: random(600) }, () => random(256)));
    await holdInvariants(Buffer.concat([start, rest]));
  }
};
