import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Signal } from "@recourse/protocol";
import fc from "fast-check";
import { readSignals, SIGNALS_LIMIT } from "../src/gate/read-signals.ts";

const PDQ = "36344e7b466489998e343f685c6cf569788d5539a2e432f3cd148fc777526116";
const MD5 = "d41d8cd98f00b204e9800998ecf8427e";

const hex = (digits: number) =>
  fc.array(fc.constantFrom(..."0123456789abcdef"), { minLength: digits, maxLength: digits });
const signal: fc.Arbitrary<Signal> = fc.oneof(
  hex(64).map((all) => ({ type: "pdq" as const, value: all.join("") })),
  hex(32).map((all) => ({ type: "md5" as const, value: all.join("") })),
  hex(64).map((all) => ({ type: "sha256" as const, value: all.join("") })),
);

describe("signals as a person types them", () => {
  const taken: readonly { readonly name: string; readonly text: string; readonly signals: readonly Signal[] }[] = [
    { name: "a PDQ alone", text: PDQ, signals: [{ type: "pdq", value: PDQ }] },
    {
      name: "capitals and blanks around",
      text: `  ${PDQ.toUpperCase()}\t\r\n`,
      signals: [{ type: "pdq", value: PDQ }],
    },
    { name: "an MD5, known by its length", text: MD5, signals: [{ type: "md5", value: MD5 }] },
    { name: "a named type", text: `sha256: ${PDQ}`, signals: [{ type: "sha256", value: PDQ }] },
    {
      name: "several lines with an empty one between",
      text: `MD5=${MD5}\n\npdq,${PDQ}\n`,
      signals: [
        { type: "md5", value: MD5 },
        { type: "pdq", value: PDQ },
      ],
    },
    {
      name: "a request's JSON, of which the gate needs type and value",
      text: JSON.stringify({ signals: [{ type: "pdq", value: PDQ, quality: 90, kind: "rot90" }] }),
      signals: [{ type: "pdq", value: PDQ }],
    },
    {
      name: "patches and frames in a request's JSON",
      text: JSON.stringify([
        { type: "pdq-local", value: PDQ, version: 1 },
        { type: "vpdq", value: PDQ, quality: 80, timestampMs: 1500, kind: "original" },
      ]),
      signals: [
        { type: "pdq-local", value: PDQ, version: 1 },
        { type: "vpdq", value: PDQ, quality: 80, timestampMs: 1500 },
      ],
    },
    { name: "a hash of decimal digits only", text: "1".repeat(64), signals: [{ type: "pdq", value: "1".repeat(64) }] },
  ];
  for (const { name, text, signals } of taken) {
    it(`takes ${name}`, () => assert.deepEqual(readSignals(text), { ok: true, signals }));
  }

  const refused: readonly { readonly name: string; readonly text: string; readonly line?: number }[] = [
    { name: "nothing", text: " \n" },
    { name: "an empty list", text: '{"signals":[]}' },
    { name: "more than a request may hold", text: `${PDQ}\n`.repeat(SIGNALS_LIMIT + 1) },
    { name: "a digit too few, and says where", text: `${PDQ}\n${PDQ.slice(1)}`, line: 2 },
    { name: "a letter that is no hex digit", text: PDQ.replace("a", "g"), line: 1 },
    { name: "an MD5 called PDQ", text: `pdq ${MD5}`, line: 1 },
    { name: "an unknown type", text: `vpdq ${PDQ}`, line: 1 },
    {
      name: "a patch of another version",
      text: JSON.stringify([{ type: "pdq-local", value: PDQ, version: 2 }]),
      line: 1,
    },
    { name: "a frame without its time", text: JSON.stringify([{ type: "vpdq", value: PDQ, quality: 80 }]), line: 1 },
    { name: "words after the hash", text: `pdq ${PDQ} please`, line: 1 },
    { name: "another list's JSON", text: "[1, 2]", line: 1 },
    { name: "half of a JSON", text: '{"signals":[', line: 1 },
  ];
  for (const { name, text, line } of refused) {
    it(`refuses ${name}`, () =>
      assert.deepEqual(readSignals(text), line === undefined ? { ok: false } : { ok: false, line }));
  }

  it("come back as they were written, as lines and as JSON", () => {
    fc.assert(
      fc.property(fc.array(signal, { minLength: 1, maxLength: 64 }), (signals) => {
        for (const text of [
          signals.map(({ type, value }) => `${type} ${value}`).join("\n"),
          JSON.stringify({ signals }),
          JSON.stringify(signals),
        ]) {
          assert.deepEqual(readSignals(text), { ok: true, signals });
        }
      }),
    );
  });
});
