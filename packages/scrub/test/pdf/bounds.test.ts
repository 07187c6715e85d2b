/** PDF files that lead in circles, unpack to gigabytes or are made of nothing but beginnings: they end, and soon. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync } from "node:zlib";
import { inspectBytes, PLANTED } from "../files.ts";
import { holdInvariants } from "../fuzz/invariants.ts";
import { appendVersion, flate, makePackedPdf, makePdf, PLAIN, stream } from "./pdfs.ts";

const latin = (text: string): Buffer => Buffer.from(text, "latin1");

/** Found in bounded time; with a finding of that name, if one is asked for. */
const ends = async (name: string, bytes: Buffer, finding?: string): Promise<void> => {
  await holdInvariants(bytes);
  if (finding === undefined) return;
  const found = await inspectBytes(bytes);
  assert.ok(found.ok, `${name}: ${found.ok || found.reason}`);
  assert.ok(
    found.findings.some((each) => each.name === finding),
    `${name}: ${JSON.stringify(found.findings)}`,
  );
};

test("circles: of versions, pages, lengths, object streams and links", async () => {
  const first = makePdf();
  const at = /startxref\n(\d+)/u.exec(first.toString("latin1"))?.[1] ?? "";
  const second = appendVersion(first, { 9: "<<>>" });
  const own = /startxref\n(\d+)\n%%EOF\n$/u.exec(second.toString("latin1"))?.[1] ?? "";
  await ends(
    "a version before itself",
    latin(second.toString("latin1").replace(`/Prev ${at}`, `/Prev ${own}`)),
    "earlier versions",
  );
  await ends("a table within itself", makePdf(PLAIN, { trailer: `/Prev ${at}/XRefStm ${at}` }), "more than pictures");
  await ends(
    "pages of pages",
    makePdf({ ...PLAIN, 2: "<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>" }),
    "more than pictures",
  );
  await ends(
    "a stream of its own length",
    makePdf({ ...PLAIN, 9: "<</Length 9 0 R>> stream\nx\nendstream" }),
    "more than pictures",
  );
  await ends(
    "object streams in each other",
    makePdf({ ...PLAIN, 9: flate("/Type/ObjStm/N 1/First 5/Extends 9 0 R", "9 0  <</Type/ObjStm/Extends 9 0 R>>") }),
    "more than pictures",
  );
});

test("a thousand versions", async () => {
  let bytes = makePdf({ ...PLAIN, 9: "<<>>" });
  for (let version = 0; version < 1000; version += 1) bytes = appendVersion(bytes, { 9: `<</Mine(v${version})>>` });
  await ends("a thousand versions", bytes, "earlier versions");
});

test("what unpacks to gigabytes is not unpacked, and that is told", async () => {
  const zeros = deflateSync(Buffer.alloc(64 << 20));
  const twice = deflateSync(zeros);
  const packed = (filters: string, data: Buffer): Buffer => stream(`/Type/ObjStm/N 1/First 5/Filter${filters}`, data);
  for (const [name, object] of [
    ["objects", packed("/FlateDecode", zeros)],
    ["objects packed twice", packed("[/FlateDecode/FlateDecode]", twice)],
    ["packed five times", packed("[/Fl/Fl/Fl/Fl/Fl]", twice)],
    ["a picture packed twice", stream("/Subtype/Image/Filter[/Fl/Fl/DCTDecode]", twice)],
    ["metadata", stream("/Type/Metadata/Filter/FlateDecode", zeros)],
  ] as const)
    await ends(name, makePdf({ ...PLAIN, 9: object }), "more than pictures");
  // Each alone is within bounds; all together are not.
  const many = Object.fromEntries(
    Array.from({ length: 12 }, (_, i) => [100 + i, packed("/FlateDecode", deflateSync(Buffer.alloc(15 << 20)))]),
  );
  await ends("many bombs", makePdf({ ...PLAIN, ...many }), "parts not looked into");
});

test("thirty thousand of everything", async () => {
  const times = 30_000;
  for (const [name, text] of [
    ["beginnings of objects", "1 0 obj ".repeat(times)],
    ["objects that hold text without an end", "1 0 obj (".repeat(times)],
    ["dictionaries without an end", "1 0 obj <</A ".repeat(times)],
    ["arrays within each other", `1 0 obj ${"[".repeat(times)}`],
    ["dictionaries within each other", `1 0 obj ${"<</A".repeat(times)}`],
    ["streams without an end", "1 0 obj <<>> stream\n".repeat(times)],
    ["trailers", "trailer <</Root 1 0 R/Info 1 0 R>>\n".repeat(times)],
    ["tables", "xref\n0 1\n".repeat(times)],
    ["ends", "%%EOF\n".repeat(times)],
    ["comments", `%${PLANTED}\n`.repeat(times)],
    ["words", "a ".repeat(times)],
    ["references", `1 0 obj [${"2 0 R ".repeat(times)}] endobj`],
    ["a name of a megabyte", `1 0 obj /${"a".repeat(1 << 20)} endobj`],
    ["dates", "9 0 obj <</CreationDate(D:20260517130509+02'00')>> endobj\n".repeat(times)],
    ["digits", "1".repeat(times)],
    ["spaces in a table", `xref\n0 1${" ".repeat(times)}x`],
  ] as const) {
    await ends(name, latin(`%PDF-1.7\n${text}`));
    await ends(name, Buffer.concat([makePdf(), latin(text)]));
  }
});

test("more objects than any document has are refused, packed ones too", async () => {
  const found = await inspectBytes(latin(`%PDF-1.7\n${"1 0 obj<<>>endobj\n".repeat(200_001)}`));
  assert.equal(found.ok ? "read" : found.code, "scrub_unsupported");
  const count = 150_000;
  const index = Array.from({ length: count }, (_, i) => `${i + 1} ${2 * i}`).join(" ");
  const holder = flate(`/Type/ObjStm/N ${count}/First ${index.length + 1}`, `${index} ${"1 ".repeat(count)}`);
  const packed = await inspectBytes(makePdf({ ...PLAIN, 8: holder, 9: holder }));
  assert.equal(packed.ok ? "read" : packed.code, "scrub_unsupported");
});

test("a table of a million entries that lie", async () => {
  const entries = "0000000000 00000 n \n".repeat(1_000_001);
  const head = makePdf().subarray(0, -60);
  await ends(
    "a long table",
    Buffer.concat([
      head,
      latin(`\nxref\n0 1000001\n${entries}trailer\n<</Root 1 0 R>>\nstartxref\n${head.length + 1}\n%%EOF\n`),
    ]),
  );
  await ends(
    "a stream that claims more",
    latin(makePackedPdf(PLAIN).toString("latin1").replace("/Size 92", "/Size 99999999")),
  );
});
