/** The reader of lines against the schema of a line, and each way of being wrong with its code. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Value } from "typebox/value";
import {
  CATALOGUE_LIMITS,
  CatalogueLine,
  type ErrorCode,
  readCatalogueEntry,
  readCatalogueLine,
} from "../src/index.ts";

const value = "0f".repeat(32);
const pdq = { type: "pdq", value };
const md5 = { type: "md5", value: "ab".repeat(16) };
const line = (more: object): string => JSON.stringify({ content: "photo-1", signals: [pdq], ...more });

const codeOf = (text: string): ErrorCode | "ok" => {
  const outcome = readCatalogueLine(text);
  return outcome.ok ? "ok" : outcome.code;
};

describe("a line of a catalogue", () => {
  it("is read with values in lower case and without what is of no use", () => {
    const signals = [
      { ...pdq, value: "0F".repeat(32), quality: 100, kind: "original" },
      { ...pdq, quality: 49 },
      md5,
      { type: "sha256", value: "CD".repeat(32) },
    ];
    assert.deepEqual(readCatalogueLine(line({ signals })), {
      ok: true,
      entry: {
        content: "photo-1",
        signals: [{ type: "pdq", value, quality: 100 }, md5, { type: "sha256", value: "cd".repeat(32) }],
      },
    });
    assert.deepEqual(readCatalogueLine('{"content":"x","remove":true}'), { ok: true, entry: { content: "x" } });
  });

  const refused: readonly (readonly [string, ErrorCode])[] = [
    ["", "line_invalid"],
    ["{", "line_invalid"],
    ["null", "line_invalid"],
    ["[]", "line_invalid"],
    ['"photo-1"', "line_invalid"],
    ["{}", "line_invalid"],
    [line({ more: 1 }), "line_invalid"],
    [line({ content: 7 }), "line_invalid"],
    [line({ signals: [] }), "line_invalid"],
    [line({ signals: pdq }), "line_invalid"],
    [line({ remove: true }), "line_invalid"],
    ['{"content":"x","remove":false}', "line_invalid"],
    ['{"content":"x"}', "line_invalid"],
    [line({ content: "" }), "content_id_invalid"],
    [line({ content: "x".repeat(257) }), "content_id_invalid"],
    [line({ content: "é".repeat(129) }), "content_id_invalid"],
    [line({ content: "a\u0000b" }), "content_id_invalid"],
    [line({ content: "a\nb" }), "content_id_invalid"],
    [line({ content: "a\u0085b" }), "content_id_invalid"],
    [line({ content: "a\ufffdb" }), "content_id_invalid"],
    ['{"content":"\\ud800","remove":true}', "content_id_invalid"],
    [line({ signals: [{ ...pdq, value: value.slice(1) }] }), "signal_invalid"],
    [line({ signals: [{ ...pdq, value: `${value}00` }] }), "signal_invalid"],
    [line({ signals: [{ ...pdq, value: `g${value.slice(1)}` }] }), "signal_invalid"],
    [line({ signals: [{ ...md5, value }] }), "signal_invalid"],
    [line({ signals: [{ ...md5, quality: 80 }] }), "signal_invalid"],
    [line({ signals: [{ ...pdq, quality: 101 }] }), "signal_invalid"],
    [line({ signals: [{ ...pdq, quality: "80" }] }), "signal_invalid"],
    [line({ signals: [{ ...pdq, kind: "sideways" }] }), "signal_invalid"],
    [line({ signals: [{ ...pdq, more: 1 }] }), "signal_invalid"],
    [line({ signals: [{ value }] }), "signal_invalid"],
    [line({ signals: [null] }), "signal_invalid"],
    [line({ signals: [pdq, { type: "pdq-local", value, version: 1 }] }), "signal_type_unsupported"],
    [line({ signals: [{ type: "vpdq", value, quality: 80, timestampMs: 0 }] }), "signal_type_unsupported"],
    [line({ signals: [{ type: "tmk", value }] }), "signal_type_unsupported"],
    [line({ signals: Array.from({ length: 65 }, () => pdq) }), "too_many_signals"],
    [line({ signals: [{ ...pdq, quality: 49 }] }), "picture_too_plain"],
  ];
  for (const [number, [text, code]] of refused.entries()) {
    it(`is refused as ${code} (${number})`, () => assert.equal(codeOf(text), code));
  }

  it("may be as long as everything it may hold, and no removal where none is wanted", () => {
    const longest = line({
      content: "é".repeat(128),
      signals: Array.from({ length: 64 }, () => ({ ...pdq, quality: 100, kind: "centre191x100-flipMinus1" })),
    });
    assert.ok(longest.length < CATALOGUE_LIMITS.lineBytes);
    assert.equal(codeOf(longest), "ok");
    assert.equal(readCatalogueEntry({ content: "x", remove: true }, false).ok, false);
  });

  it("is taken exactly where the schema takes it, but for what a schema can't say", () => {
    const signal = fc.record(
      {
        type: fc.constantFrom("pdq", "pdq", "pdq", "pdq", "sha256", "md5", 1),
        value: fc.constantFrom(value, value, value, value.slice(32), "zz", value.toUpperCase()),
        quality: fc.constantFrom(undefined, 0, 50, 100, 101, "50"),
        kind: fc.constantFrom(undefined, undefined, "original", "rot90", "none"),
      },
      { requiredKeys: ["type", "value"] },
    );
    const fields = fc.record(
      {
        content: fc.oneof(fc.string({ maxLength: 5 }), fc.constantFrom("a", "b", "c", 1, "b".repeat(300))),
        signals: fc.oneof(fc.array(signal, { minLength: 1, maxLength: 2 }), fc.constantFrom(undefined, "none")),
        remove: fc.constantFrom(undefined, undefined, undefined, true, false),
        extra: fc.constantFrom(undefined, undefined, undefined, 1),
      },
      { requiredKeys: ["content"] },
    );
    let taken = 0;
    fc.assert(
      fc.property(fields, (each) => {
        const text = JSON.stringify(each);
        const code = codeOf(text);
        const isValid = Value.Check(CatalogueLine, JSON.parse(text));
        if (code === "ok") taken += 1;
        if (code === "ok") assert.ok(isValid);
        else if (isValid) assert.ok(code === "picture_too_plain" || code === "content_id_invalid", code);
      }),
      { numRuns: 3_000, seed: 7 },
    );
    assert.ok(taken > 100);
  });

  it("is never what random bytes are, cut anywhere", () => {
    const whole = line({ signals: [pdq, md5] });
    for (let end = 0; end < whole.length; end += 1) assert.equal(codeOf(whole.slice(0, end)), "line_invalid");
    fc.assert(fc.property(fc.string(), (text) => assert.notEqual(codeOf(text), "ok")));
  });
});
