/**
 * Our PDQ against the reference in C++ (through its Python binding, PYTHON names an interpreter that has it), on the
 * same RGB bytes of every photograph, in sizes where both do the same: the binding hashes an array as it is, so do we.
 * Fails above 2 bits on anything of quality 80 or more, for each of the eight orientations; prints what it found.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type Sharp from "sharp";
import { DIHEDRAL_KINDS, hashPixels } from "../../packages/fingerprint/src/index.ts";

const MOST_BITS = 2;
const LEAST_QUALITY = 80;
/** Widths and heights; undefined is the photograph as it is, up to 1280 pixels. */
const SIZES = [undefined, [512, 512], [511, 384], [300, 420], [128, 128]] as const;
const root = fileURLToPath(new URL("../..", import.meta.url));
const sharp = createRequire(join(root, "packages/fingerprint/package.json"))("sharp") as typeof Sharp;

const distanceBits = (a: string, b: string): number =>
  [...(BigInt(`0x${a}`) ^ BigInt(`0x${b}`)).toString(2)].filter((bit) => bit === "1").length;

interface Answer {
  readonly quality: number;
  readonly plain: string;
  readonly hashes: readonly string[];
}

const folder = mkdtempSync(join(tmpdir(), "recourse-pdq-"));
const python = spawn(process.env["PYTHON"] ?? "python3", [join(root, ".ci/judges/pdq_reference.py")], {
  stdio: ["pipe", "pipe", "inherit"],
});
const answers = createInterface({ input: python.stdout })[Symbol.asyncIterator]();

const photographs = readdirSync(join(root, "fixtures/photographs")).filter((name) => name.endsWith(".jpg"));
assert.ok(photographs.length >= 24, "the photographs are missing");

let compared = 0;
let worst = 0;
const counts = new Map<number, number>();
try {
  for (const name of photographs) {
    for (const size of SIZES) {
      const picture = sharp(join(root, "fixtures/photographs", name))
        .removeAlpha()
        .toColourspace("srgb");
      if (size !== undefined) picture.resize(size[0], size[1], { fit: "fill" });
      const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
      assert.equal(info.channels, 3);
      const file = join(folder, "pixels.rgb");
      writeFileSync(file, data);
      python.stdin.write(`${JSON.stringify({ file, width: info.width, height: info.height })}\n`);
      const line = await answers.next();
      assert.equal(line.done, false, "the reference stopped");
      const theirs = JSON.parse(line.value) as Answer;
      const ours = hashPixels(data, info.width, info.height, 3);
      const distances = DIHEDRAL_KINDS.map((kind, at) => distanceBits(ours.dihedral[kind], theirs.hashes[at] ?? ""));
      distances.push(distanceBits(ours.pdq, theirs.plain));
      const most = Math.max(...distances);
      compared += distances.length;
      for (const bits of distances) counts.set(bits, (counts.get(bits) ?? 0) + 1);
      const judged = theirs.quality >= LEAST_QUALITY;
      if (judged) worst = Math.max(worst, most);
      if (most > 0 || ours.quality !== theirs.quality)
        console.log(
          `${name} ${info.width}x${info.height}: ${distances.join(" ")} bits, quality ${ours.quality} and ${theirs.quality}`,
        );
    }
  }
} finally {
  python.stdin.end();
  rmSync(folder, { recursive: true, force: true });
}

const spread = [...counts].toSorted(([a], [b]) => a - b).map(([bits, n]) => `${n} at ${bits} bits`);
console.log(
  `${compared} hashes of ${photographs.length} photographs in ${SIZES.length} sizes: ${spread.join(", ")}; worst judged ${worst}`,
);
assert.ok(worst <= MOST_BITS, `${worst} bits away from the reference`);
