/**
 * Independent judges of PDF: of the one that we write, qpdf says whether it is sound, Poppler what it shows and whether
 * there is text in it, ExifTool what it gives away. And what other programs write (ExifTool's later versions, qpdf's
 * object streams, linearised and encrypted files) is read: what they put in has to be told.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { bytesSource, inspect, picturesToPdf, strip } from "../../packages/scrub/src/index.ts";
import { makePdf, PLAIN } from "../../packages/scrub/test/pdf/pdfs.ts";

const photographs = fileURLToPath(new URL("../../fixtures/photographs", import.meta.url));
const work = mkdtempSync(join(tmpdir(), "recourse-judge-"));
process.on("exit", () => rmSync(work, { recursive: true, force: true }));

const run = (program: string, ...words: readonly string[]): string => {
  const { status, stdout, stderr } = spawnSync(program, words, { maxBuffer: 1 << 28 });
  // qpdf says 3 for warnings, which a sound file has none of.
  assert.equal(status, 0, `${program} ${words[0] ?? ""}: ${stderr.toString()}`);
  return stdout.toString("latin1");
};

const PLANTED = "Planted Marta";
/** Poppler draws a picture onto the page's grid, and smooths colours otherwise than libjpeg: 0.9 to 3.0 were measured. */
const MAX_MEAN = 8;

/** What a PDF of the first photographs shows, and what it gives away. */
const judgeOurs = async (): Promise<void> => {
  const pages: { readonly picture: Buffer; readonly width: number; readonly height: number }[] = [];
  for (const name of readdirSync(photographs)
    .filter((each) => each.endsWith(".jpg"))
    .slice(0, 4)) {
    const path = join(work, name);
    const grey = pages.length === 1;
    const small = sharp(readFileSync(join(photographs, name))).resize(600);
    writeFileSync(path, await (grey ? small.greyscale() : small).jpeg({ quality: 92 }).toBuffer());
    run(
      "exiftool",
      "-q",
      "-overwrite_original",
      `-Artist=${PLANTED}`,
      `-XMP-dc:Creator=${PLANTED}`,
      "-GPSLatitude=47.3769",
      path,
    );
    const picture = readFileSync(path);
    const { width, height } = await sharp(picture).metadata();
    pages.push({ picture, width, height });
  }
  const parts: Buffer[] = [];
  const outcome = await picturesToPdf(
    pages.map(({ picture, width, height }) => ({
      picture: bytesSource(picture),
      widthPoints: width * 0.72,
      heightPoints: height * 0.72,
    })),
    { write: (bytes) => void parts.push(Buffer.from(bytes)) },
  );
  assert.ok(outcome.ok);
  const pdf = Buffer.concat(parts);
  const path = join(work, "ours.pdf");
  writeFileSync(path, pdf);
  assert.ok(!pdf.includes("Planted"));
  run("qpdf", "--check", path);
  assert.equal(run("pdftotext", path, "-").trim(), "");
  assert.equal(run("pdfdetach", "-list", path).trim(), "0 embedded files");
  const told = run("exiftool", "-ee", "-a", "-G1", "-s", path)
    .split("\n")
    .filter((line) => line.startsWith("[") && !/^\[(?:ExifTool|System|File)\]/u.test(line));
  for (const line of told) assert.match(line, /^\[PDF\]\s+(?:PDFVersion|Linearized|PageCount)\s/u, line);
  run("pdftoppm", "-png", "-r", "100", path, join(work, "page"));
  const shown = readdirSync(work)
    .filter((name) => name.endsWith(".png"))
    .toSorted();
  assert.equal(shown.length, pages.length);
  const means: string[] = [];
  for (const [index, name] of shown.entries()) {
    const page = pages[index];
    assert.ok(page !== undefined);
    const a = await sharp(join(work, name))
      .toColourspace("srgb")
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const b = await sharp(page.picture).toColourspace("srgb").raw().toBuffer({ resolveWithObject: true });
    assert.deepEqual([a.info.width, a.info.height], [b.info.width, b.info.height]);
    const step = b.info.channels;
    let sum = 0;
    for (let pixel = 0; pixel < page.width * page.height; pixel += 1)
      sum += Math.abs((a.data[a.info.channels * pixel] ?? 0) - (b.data[step * pixel] ?? 0));
    const mean = sum / (page.width * page.height);
    means.push(mean.toFixed(1));
    assert.ok(mean < MAX_MEAN, `page ${index + 1} differs by ${mean.toFixed(2)} of 255`);
  }
  // The very bytes of each picture, as Poppler takes them out, are those of the cleaned one.
  run("pdfimages", "-all", path, join(work, "taken"));
  for (const [index, { picture }] of pages.entries()) {
    const clean: Buffer[] = [];
    await strip(bytesSource(picture), { write: (bytes) => void clean.push(Buffer.from(bytes)) });
    assert.deepEqual(readFileSync(join(work, `taken-00${index}.jpg`)), Buffer.concat(clean));
  }
  process.stdout.write(
    `ours: ${pages.length} pages, sound, the same pictures, no text, nothing told by ExifTool; drawn, they differ by ${means.join(", ")} of 255\n`,
  );
};

/** What others write, and what has to be told of it. */
const judgeTheirs = async (): Promise<void> => {
  const plain = join(work, "plain.pdf");
  writeFileSync(plain, makePdf({ ...PLAIN, 9: `<</Author(${PLANTED})>>` }, { trailer: "/Info 9 0 R" }));
  const later = join(work, "later.pdf");
  run("exiftool", "-q", `-Author=Somebody Else`, `-XMP-dc:Description=${PLANTED}`, "-o", later, plain);
  const files: readonly (readonly [string, string, readonly string[]])[] = [
    ["as it was", plain, ["Author"]],
    ["a later version by ExifTool", later, ["Author", "earlier versions", "dc:description"]],
  ];
  const made = [...files];
  for (const [name, words] of [
    ["object streams", ["--object-streams=generate"]],
    ["linearised", ["--linearize"]],
    ["linearised, object streams", ["--linearize", "--object-streams=generate"]],
    ["rewritten to be read", ["--qdf"]],
    ["with a file attached", ["--add-attachment", plain, "--"]],
  ] as const) {
    const path = join(work, `${made.length}.pdf`);
    run("qpdf", ...words, plain, path);
    made.push([name, path, name.includes("attached") ? ["Author", "attached file"] : ["Author"]]);
  }
  const sealed = join(work, "sealed.pdf");
  run("qpdf", "--encrypt", "user", "owner", "256", "--", plain, sealed);
  made.push(["encrypted", sealed, ["encrypted"]]);
  for (const [name, path, wanted] of made) {
    const bytes = readFileSync(path);
    const found = await inspect(bytesSource(bytes));
    assert.ok(found.ok, `${name}: ${found.ok || found.reason}`);
    for (const each of wanted)
      assert.ok(
        found.findings.some((finding) => finding.name === each),
        `${name}: no ${each} in ${JSON.stringify(found.findings)}`,
      );
    if (name !== "encrypted") assert.ok(JSON.stringify(found.findings).includes(PLANTED), name);
    if (/^(?:as it|object|linearised)/u.test(name))
      assert.ok(
        !found.findings.some((finding) => finding.name === "earlier versions"),
        `${name}: versions that are none`,
      );
    assert.equal((await strip(bytesSource(bytes), { write: () => assert.fail("written") })).ok, false, name);
  }
  process.stdout.write(`theirs: ${made.length} files told of\n`);
};

await judgeOurs();
await judgeTheirs();
