import assert from "node:assert/strict";
import { before, test } from "node:test";
import { holdsPlanted, inspectBytes, PLANTED, stripBytes } from "../files.ts";
import { proveDamaged, proveRandom, proveTruncations } from "../prove.ts";
import {
  appendVersion,
  flate,
  makeEncrypted,
  makePackedPdf,
  makePdf,
  type PdfCase,
  pdfCases,
  PLAIN,
  stream,
} from "./pdfs.ts";

let cases: readonly PdfCase[] = [];
before(async () => {
  cases = await pdfCases();
});

test("whatever is planted where, it is told, and the file is refused with the way to go on", async () => {
  for (const { name, finding, bytes, isUnnamed = false } of cases) {
    const found = await inspectBytes(bytes);
    assert.ok(found.ok, `${name}: ${found.ok || found.reason}`);
    assert.equal(found.format, "pdf");
    const told = found.findings.filter((each) => each.name === finding);
    assert.ok(told.length > 0, `${name}: ${JSON.stringify(found.findings)}`);
    if (!isUnnamed)
      assert.ok(
        told.some(({ value }) => value.includes(PLANTED)),
        `${name}: ${JSON.stringify(told)}`,
      );
    const { outcome, writes } = await stripBytes(bytes);
    assert.ok(!outcome.ok, name);
    assert.equal(outcome.code, "scrub_unsupported", name);
    assert.match(outcome.reason, /^a PDF .*pictures made of its pages/u);
    assert.equal(writes, 0, name);
  }
});

test("a plain page gives away no more than that it is more than pictures", async () => {
  for (const bytes of [makePdf(), makePackedPdf(PLAIN)]) {
    const found = await inspectBytes(bytes);
    assert.ok(found.ok);
    assert.deepEqual(
      found.findings.map(({ name }) => name),
      ["more than pictures"],
    );
    assert.equal(found.trailingBytes, 0);
  }
});

test("versions are counted, and what belongs to an earlier one says so", async () => {
  const first = makePdf({ ...PLAIN, 9: "<</Title(one)>>" }, { trailer: "/Info 9 0 R" });
  const second = appendVersion(first, { 9: "<</Title(two)>>" }, "/Info 9 0 R");
  const third = appendVersion(second, { 9: "<</Title(three)>>" }, "/Info 9 0 R");
  const found = await inspectBytes(third);
  assert.ok(found.ok);
  assert.deepEqual(
    found.findings.filter(({ name }) => name === "Title").map(({ where, value }) => [where, value]),
    [
      ["earlier version, object 9", "one"],
      ["earlier version, object 9", "two"],
      ["object 9", "three"],
    ],
  );
  assert.equal(
    found.findings.find(({ name }) => name === "earlier versions")?.value,
    "2 earlier versions of the file, 2 replaced or removed parts",
  );
});

test("dates are told as dates, with the place that the clock was set to", async () => {
  const found = await inspectBytes(
    makePdf({ ...PLAIN, 9: "<</CreationDate(D:20260517130509+02'00')/ModDate(D:2026)>>" }, { trailer: "/Info 9 0 R" }),
  );
  assert.ok(found.ok);
  assert.deepEqual(
    found.findings.filter(({ kind }) => kind === "time").map(({ name, value }) => [name, value]),
    [
      ["CreateDate", "2026-05-17T13:05:09+02:00"],
      ["ModifyDate", "2026"],
    ],
  );
});

test("of an encrypted file is told what stands outside, and that the rest could not be looked at", async () => {
  const bytes = makeEncrypted();
  const found = await inspectBytes(bytes);
  assert.ok(found.ok);
  const names = found.findings.map(({ name }) => name);
  for (const name of ["encrypted", "DocumentID", "JavaScript", "parts not looked into"])
    assert.ok(names.includes(name), name);
  assert.ok(!JSON.stringify(found.findings).includes(PLANTED));
  const { outcome, writes } = await stripBytes(bytes);
  assert.ok(!outcome.ok);
  assert.match(outcome.reason, /encrypted/u);
  assert.equal(writes, 0);
});

test("tables that lie: what is in the file is told whatever they say", async () => {
  const whole = makePdf({ ...PLAIN, 9: `<</Author(${PLANTED})>>` }, { trailer: "/Info 9 0 R" });
  const text = whole.toString("latin1");
  for (const [name, changed] of [
    ["no startxref", text.replace("startxref", "startxxxx")],
    ["startxref beyond the end", text.replace(/startxref\n\d+/u, "startxref\n99999999")],
    ["startxref into an object", text.replace(/startxref\n\d+/u, "startxref\n20")],
    ["a table of nothing", text.replace(/\d{10} 00000 n/gu, "0000000000 65535 f")],
    ["a table that leads elsewhere", text.replace(/\d{10} 00000 n/gu, "0000000017 00000 n")],
    ["a table of letters", text.replace(/\d{10} 00000 n/gu, "abcdefghij 00000 n")],
    ["more entries than there are", text.replace("0 1\n", "0 4000000\n")],
    ["a length that is too long", text.replace(/\/Length \d+/u, "/Length 999999")],
    ["a length that is too short", text.replace(/\/Length \d+/u, "/Length 1")],
    ["a length that is an object in a circle", text.replace(/\/Length \d+/u, "/Length 4 0 R")],
    ["no length", text.replace(/\/Length \d+/u, "")],
  ] as const) {
    const found = await inspectBytes(Buffer.from(changed, "latin1"));
    assert.ok(found.ok, name);
    assert.ok(
      found.findings.some(({ name: each, value }) => each === "Author" && value === PLANTED),
      name,
    );
    assert.ok(!(await stripBytes(Buffer.from(changed, "latin1"))).outcome.ok, name);
  }
});

test("without a catalogue or with nothing but a header it is damaged", async () => {
  for (const text of ["%PDF-1.7\n", "%PDF-1.7\n1 0 obj <</Type/Font>> endobj", "%PDF-1.7\n%%EOF"]) {
    const found = await inspectBytes(Buffer.from(text));
    assert.equal(found.ok ? "read" : found.code, "scrub_damaged", text);
  }
});

test("every truncation", async () => {
  await proveTruncations(makePdf({ ...PLAIN, 9: `<</Author(${PLANTED})>>` }, { trailer: "/Info 9 0 R" }));
  await proveTruncations(makePackedPdf({ ...PLAIN, 9: `<</Author(${PLANTED})>>` }, "/Info 9 0 R"));
});

test("damage of every kind, and random bytes", async () => {
  await proveDamaged(cases, 71, 1500);
  await proveRandom(Buffer.from("%PDF-1.7\n1 0 obj\n<<"), 72, 300);
  assert.ok(holdsPlanted(cases[0]!.bytes));
});

test("files within files end", async () => {
  let bytes = makePdf({ ...PLAIN, 9: `<</Author(${PLANTED})>>` }, { trailer: "/Info 9 0 R" });
  for (let depth = 0; depth < 8; depth += 1)
    bytes = makePdf({
      ...PLAIN,
      9: depth % 2 === 0 ? flate("/Type/EmbeddedFile", bytes) : stream("/Type/EmbeddedFile", bytes),
    });
  const found = await inspectBytes(bytes);
  assert.ok(found.ok);
  assert.ok(found.findings.some(({ name }) => name === "attached file"));
});
