import assert from "node:assert/strict";
import { test } from "node:test";
import { composeNotice, findRegime, type Notice, readStrokes, writeStrokes } from "../../src/index.ts";
import { loadPackageFile } from "../../src/node/index.ts";
import { fontFiles, MAX_PDF_TEXT, noticeToPdf, type PdfOptions } from "../../src/pdf/index.ts";
import { FULL, NOW_MS } from "../cases.ts";
import { SCRIPTS } from "./scripts.ts";
import { readPdf } from "./read-pdf.ts";

const regime = findRegime("eu-dsa-16");
assert.ok(regime !== undefined);
const composed = composeNotice(FULL, { regime, recipient: "Example Inc.", urls: ["https://x.com/1"], nowMs: NOW_MS });
assert.ok(composed.ok);
const NOTICE = composed.notice;

const make = async (notice: Partial<Notice>, options: Partial<PdfOptions> = {}) => {
  const outcome = await noticeToPdf({ ...NOTICE, ...notice }, { loadFile: loadPackageFile, ...options });
  assert.ok(outcome.ok);
  return { ...outcome, ...readPdf(outcome.bytes) };
};

const joined = (parts: readonly { readonly texts: readonly string[] }[]): string =>
  parts.map(({ texts }) => texts.join("")).join(" ");
const words = (text: string): string => text.replaceAll(/\s+/gu, " ").trim();

test("the letter says the notice to the letter, its subject as heading, in a structure that can be read out", async () => {
  const { parts, raw, missing, pages } = await make({});
  assert.deepEqual(missing, []);
  assert.equal(pages, 1);
  assert.equal(joined(parts.filter(({ tag }) => tag === "H1")), NOTICE.subject);
  assert.equal(words(joined(parts.filter(({ tag }) => tag === "P"))), words(NOTICE.body));
  assert.match(raw, /\/MarkInfo<<\/Marked true>>/u);
  assert.match(raw, /\/Lang\(en\)/u);
});

for (const { name, text, isRightToLeft } of SCRIPTS) {
  test(`${name} comes out as it went in, in fonts of the file with the glyphs used only`, async () => {
    const { parts, missing, fontBytes, bytes } = await make({ subject: "-", body: text });
    assert.deepEqual(missing, []);
    const texts = parts.filter(({ tag }) => tag === "P").flatMap((part) => part.texts);
    assert.equal((isRightToLeft === true ? texts.toReversed() : texts).join(""), text.normalize("NFC"));
    // The parts of the fonts that were loaded have 40 to 600 kB each.
    for (const font of fontBytes) assert.ok(font.length < 30_000, String(font.length));
    assert.ok(bytes.length < 60_000, String(bytes.length));
  });
}

test("a name from right to left within a line of English keeps its place", async () => {
  const { parts } = await make({ subject: "-", body: "I am محمد علي, born 1990." });
  const shown = parts
    .filter(({ tag }) => tag === "P")
    .flatMap(({ texts }) => texts)
    .join("");
  assert.equal(shown, `I am ${[..."محمد علي"].toReversed().join("")}, born 1990.`);
});

test("what no font has stands there by its number and is named, and nothing else is lost", async () => {
  const { parts, missing } = await make({ subject: "-", body: "Before \u{1f600} after \u{1f600}\u{1fae0}" });
  assert.deepEqual(missing, ["\u{1f600}", "\u{1fae0}"]);
  assert.equal(joined(parts.filter(({ tag }) => tag === "P")), "Before [U+1F600] after [U+1F600][U+1FAE0]");
});

test("long addresses and long texts are broken into lines and pages", async () => {
  const url = `https://pictures.example.net/${"a".repeat(400)}`;
  const body = Array.from({ length: 90 }, (_, index) => `${url}?page=${index}`).join("\n");
  const { parts, pages } = await make({ subject: "-", body });
  assert.equal(joined(parts.filter(({ tag }) => tag === "P")).replaceAll(" ", ""), body.replaceAll("\n", ""));
  assert.ok(pages > 9, String(pages));
});

test("a drawn signature is drawn, stroke by stroke", async () => {
  const value = writeStrokes([
    [
      [0, 0],
      [500.4, 300],
      [1200, -7],
    ],
    [[10, 10]],
    [],
  ]);
  assert.equal(value, "0,0 500,300 1000,0;10,10");
  const signature = { kind: "drawn", value, signedOn: "2026-11-27" } as const;
  const { parts } = await make({}, { signature });
  assert.deepEqual(
    parts.filter(({ tag }) => tag === "Figure").map(({ paths }) => paths),
    [2],
  );
  const signed = composeNotice(
    { ...FULL, signature },
    { regime: findRegime("us-dmca")!, recipient: "x", urls: ["https://x.com/1"], nowMs: NOW_MS },
  );
  assert.ok(signed.ok && signed.notice.complete);
  assert.match(signed.notice.body, /Signed by hand on 2026-11-27/u);
  for (const wrong of [
    "",
    "a,b",
    "1,2;",
    "1001,0",
    "1,-2",
    "1",
    "1,2,3",
    Array.from({ length: 2501 }, () => "1,1").join(" "),
    "1,1;".repeat(300),
  ]) {
    assert.equal(readStrokes(wrong), undefined, wrong.slice(0, 20));
    const outcome = composeNotice(
      { ...FULL, signature: { ...signature, value: wrong } },
      { regime: findRegime("us-dmca")!, recipient: "x", urls: ["https://x.com/1"], nowMs: NOW_MS },
    );
    assert.equal(outcome.ok && outcome.notice.complete, false);
  }
});

test("the same letter is the same file; it names no program, and a date only if one is given", async () => {
  const first = await make({});
  assert.deepEqual((await make({})).bytes, first.bytes);
  assert.doesNotMatch(first.raw, /Producer|Creator|Author|CreationDate|\/Metadata/u);
  assert.match(first.raw, /\/Title<FEFF004C00650074007400650072>/u);
  const dated = await make({}, { createdAt: "2026-11-27T12:00:00.000Z", title: "x" });
  assert.match(dated.raw, /\/CreationDate\(D:20261127120000Z\)/u);
  assert.match(dated.raw, /\/Title<FEFF0078>/u);
});

test("only the fonts that a text needs are asked for", async () => {
  const asked: string[] = [];
  await make(
    { subject: "-", body: "Plain letters" },
    {
      loadFile: (path) => {
        asked.push(path);
        return loadPackageFile(path);
      },
    },
  );
  assert.deepEqual(asked, [
    "harfbuzzjs/dist/harfbuzz.wasm",
    "harfbuzzjs/dist/harfbuzz-subset.wasm",
    "@fontsource/noto-sans/files/noto-sans-latin-400-normal.woff2",
  ]);
});

test("every file that may be asked for is there", async () => {
  const paths = new Set(["en", "ja", "ko"].flatMap((language) => fontFiles(language).map(({ path }) => path)));
  assert.ok(paths.size > 300);
  for (const path of paths) assert.ok((await loadPackageFile(path)).length > 300, path);
});

test("too much text is refused before anything is loaded", async () => {
  assert.deepEqual(
    await noticeToPdf(
      { ...NOTICE, body: "x".repeat(MAX_PDF_TEXT) },
      { loadFile: () => assert.fail("nothing is loaded") },
    ),
    { ok: false, code: "pdf_too_long" },
  );
});
