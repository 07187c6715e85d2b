import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Value } from "typebox/value";
import { CheckSignalsRequest, fitsCheck, normaliseSignal, readPlainCheck, SIGNAL_KINDS } from "../src/index.ts";

const hex = (digits: number, letters = "0123456789abcdef") =>
  fc.string({ unit: fc.constantFrom(...letters), minLength: digits, maxLength: digits });
const pdq = fc.record(
  {
    type: fc.constant("pdq"),
    value: hex(64),
    quality: fc.integer({ min: 0, max: 100 }),
    kind: fc.constantFrom(...SIGNAL_KINDS),
  },
  { requiredKeys: ["type", "value"] },
);
const exact = fc.oneof(
  fc.record({ type: fc.constant("md5"), value: hex(32) }),
  fc.record({ type: fc.constant("sha256"), value: hex(64) }),
);
const plain = fc.record({ signals: fc.array(fc.oneof(pdq, exact), { minLength: 1, maxLength: 32 }) });
/** Nearly what it should be: any field may be of another kind, missing, or there once too often. */
const nearly = fc.record(
  {
    signals: fc.array(
      fc.record(
        {
          type: fc.constantFrom("pdq", "md5", "sha256", "vpdq", "pdq-local", 3, null),
          value: fc.oneof(hex(64), hex(32), hex(63), hex(64, "0123456789ABCDEF"), fc.string(), fc.integer()),
          quality: fc.oneof(fc.integer({ min: -1, max: 101 }), fc.double(), fc.string(), fc.constant(null)),
          kind: fc.constantFrom("original", "Original", "", 0, null),
          version: fc.constantFrom(1, 2),
          timestampMs: fc.integer(),
          place: fc.integer(),
        },
        { requiredKeys: ["type"] },
      ),
      { maxLength: 34 },
    ),
    more: fc.integer(),
  },
  { requiredKeys: [] },
);

describe("a plain check that is read without the schema", () => {
  it("is every one with a few hashes of pictures and bytes", () => {
    fc.assert(
      fc.property(plain, (body) => {
        assert.deepEqual(readPlainCheck(JSON.stringify(body)), JSON.parse(JSON.stringify(body)).signals);
      }),
    );
  });

  it("is valid by the schema, fits, and is in lower case already", () => {
    let read = 0;
    fc.assert(
      fc.property(
        fc.oneof(
          nearly,
          plain,
          fc.json().map((text) => JSON.parse(text)),
        ),
        (body) => {
          const signals = readPlainCheck(JSON.stringify(body));
          if (signals === undefined) return;
          read += 1;
          assert.ok(Value.Check(CheckSignalsRequest, { signals }));
          assert.ok(Value.Check(CheckSignalsRequest, body));
          assert.ok(fitsCheck(signals));
          assert.deepEqual(signals, signals.map(normaliseSignal));
        },
      ),
      { numRuns: 2_000 },
    );
    assert.ok(read > 100, `only ${read} were read`);
  });

  it("is none that the schema refuses", () => {
    const value = "0".repeat(64);
    for (const text of [
      "",
      "null",
      "[]",
      "{}",
      '{"signals":[]}',
      '{"signals":{}}',
      `{"signals":[{"type":"pdq","value":"${value}","__proto__":{}}]}`,
      `{"signals":[{"type":"pdq","value":"${value}"}],"__proto__":{}}`,
      `{"signals":[{"type":"md5","value":"${value.slice(32)}","quality":1}]}`,
      `{"signals":[{"type":"pdq","value":"${value}","kind":"constructor"}]}`,
      `{"signals":[{"type":"pdq","value":"${value}\\n"}]}`,
    ]) {
      assert.equal(readPlainCheck(text), undefined, text);
    }
  });
});
