/**
 * Letters as PDF, judged by programs that are not ours: qpdf for the form of the file, Poppler for its text in every
 * script, for its fonts (embedded, cut down) and for its structure.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Notice } from "../../packages/remedy/src/index.ts";
import { loadPackageFile } from "../../packages/remedy/src/node/index.ts";
import { noticeToPdf } from "../../packages/remedy/src/pdf/index.ts";
import { SCRIPTS } from "../../packages/remedy/test/pdf/scripts.ts";

const folder = mkdtempSync(join(tmpdir(), "letters-"));
try {
  const notice: Notice = {
    regime: "-",
    recipient: "-",
    language: "en",
    elements: [],
    complete: true,
    subject: "A letter in many scripts",
    body: SCRIPTS.map(({ text }) => text).join("\n"),
    warnings: [],
    urls: [],
  };
  const outcome = await noticeToPdf(notice, {
    loadFile: loadPackageFile,
    signature: { kind: "drawn", value: "0,0 100,50 200,0;300,20", signedOn: "2026-11-27" },
  });
  assert.ok(outcome.ok);
  assert.deepEqual(outcome.missing, []);
  const file = join(folder, "letter.pdf");
  writeFileSync(file, outcome.bytes);

  execFileSync("qpdf", ["--check", file]);

  const pages = execFileSync("pdftotext", ["-layout", file, "-"], { encoding: "utf8" });
  // It marks directions where it turned text around, which the letter does not.
  const lines = pages.split("\n").map((line) => line.replaceAll(/[\u202a-\u202e]/gu, "").trim());
  for (const { name, text, isRightToLeft } of SCRIPTS) {
    if (isRightToLeft === true) {
      // Poppler turns such lines around word by word, and loses the place of commas and vowel marks.
      const bare = (part: string): string => part.normalize("NFD").replaceAll(/[\p{M}\u200c]/gu, "");
      const words = bare(pages).split(/[^\p{L}]+/u);
      for (const word of bare(text).split(/[^\p{L}]+/u)) assert.ok(words.includes(word), `${name}: a word is missing`);
      continue;
    }
    const whole = text.normalize("NFC").replaceAll("\u200c", "");
    assert.ok(
      lines.some((line) => line.replaceAll("\u200c", "").normalize("NFC") === whole),
      `${name} is not in the text: ${lines.join(" | ")}`,
    );
  }

  const fonts = execFileSync("pdffonts", [file], { encoding: "utf8" }).trim().split("\n").slice(2);
  assert.ok(fonts.length >= SCRIPTS.length);
  for (const font of fonts) assert.match(font, /CID TrueType\s+Identity-H\s+yes yes yes/u);

  const info = execFileSync("pdfinfo", [file], { encoding: "utf8" });
  assert.match(info, /Tagged:\s+yes/u);
  assert.doesNotMatch(info, /Producer|Creator|Author|CreationDate/u);
  console.log(
    `${SCRIPTS.length} scripts read back by Poppler, ${fonts.length} fonts embedded, ${outcome.bytes.length} bytes`,
  );
} finally {
  rmSync(folder, { recursive: true });
}
