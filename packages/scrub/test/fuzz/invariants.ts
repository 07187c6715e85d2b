/** What has to hold of every file, however broken: checked by tests and by the fuzzer alike. */
import assert from "node:assert/strict";
import { inspect, strip } from "../../src/index.ts";
import { lentSource } from "../files.ts";

/** More of the processor than any small file may take; by the clock a busy machine would count, too. */
const MAX_MS = 5000;

export interface Outcome {
  readonly ok: boolean;
  /** The code of a refusal, or "". */
  readonly code: string;
  /** Empty after a refusal. */
  readonly output: Buffer;
}

/**
 * Nothing is thrown; a refusal writes nothing; an output is found clean, stays the same when cleaned again, and is not
 * much larger than what it was made from. Throws an AssertionError otherwise.
 */
export const holdInvariants = async (bytes: Uint8Array): Promise<Outcome> => {
  const before = process.cpuUsage();
  const parts: Buffer[] = [];
  const sink = { write: (part: Uint8Array): void => void parts.push(Buffer.from(part)) };
  const [found, outcome] = [await inspect(lentSource(bytes)), await strip(lentSource(bytes), sink)];
  const output = Buffer.concat(parts);
  assert.notEqual(outcome.ok || outcome.code, "scrub_incomplete", "cleaning did not clean");
  // A PDF may be looked into without being cleaned.
  if (!(found.ok && found.format === "pdf" && !outcome.ok && outcome.code === "scrub_unsupported"))
    assert.equal(found.ok, outcome.ok, "inspect and strip disagree");
  if (!outcome.ok) assert.equal(parts.length, 0, "a refusal wrote something");
  else {
    assert.equal(outcome.sizeBytes, output.length);
    // Text of a profile may become longer by being stored, and nothing else by much.
    assert.ok(output.length <= 2 * bytes.length + (1 << 18), "the output is far larger");
    const again = await inspect(lentSource(output));
    assert.deepEqual(again, { ok: true, format: outcome.format, findings: [], trailingBytes: 0 });
    const twice: Buffer[] = [];
    await strip(lentSource(output), { write: (part) => void twice.push(Buffer.from(part)) });
    assert.ok(Buffer.concat(twice).equals(output), "not the same when cleaned again");
  }
  const { user, system } = process.cpuUsage(before);
  assert.ok((user + system) / 1000 < MAX_MS, "it took too long");
  return { ok: outcome.ok, code: outcome.ok ? "" : outcome.code, output };
};
