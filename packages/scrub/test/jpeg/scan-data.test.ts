import assert from "node:assert/strict";
import { describe, it, test } from "node:test";
import { committedKernel, generateKernel } from "../../../../tools/kernel.ts";
import { KERNEL } from "../../scripts/build-kernel.ts";
import { codedKernel } from "../../src/core/coded-kernel.ts";
import { findMarker } from "../../src/core/coded-plain.ts";
import { TextWatch } from "../../src/core/hidden-text.ts";
import { seeded } from "../fuzz/mutate.ts";

test("the kernel is what its source says, and can be used here", () => {
  const message = "run npm run build:kernel --workspace @recourse/scrub";
  assert.equal(committedKernel(KERNEL), generateKernel(KERNEL), message);
  assert.ok(codedKernel() !== null);
});

/** Coded data of no meaning: no run of text, stuffed zeros and restarts. `shift` moves it in memory. */
const coded = (length: number, seed: number, shift: number): Uint8Array => {
  const random = seeded(seed);
  const bytes = new Uint8Array(length + shift).subarray(shift);
  for (let at = 0; at < length; at += 1) bytes[at] = at % 20 === 0 ? 0x80 : random(255);
  for (let at = 7; at + 1 < length; at += 31) bytes.set([0xff, random(2) === 0 ? 0 : 0xd0 + random(8)], at);
  return bytes;
};

const holdsIn = (watch: TextWatch, blocks: readonly Uint8Array[]): boolean => {
  try {
    for (const block of blocks) watch.push(block);
    return false;
  } catch {
    return true;
  }
};

const text = new TextEncoder().encode("Marta, Main Street 14, X");

for (const [name, kernel] of [
  ["with the kernel", codedKernel()],
  ["without WebAssembly", null],
] as const) {
  const holds = (...blocks: readonly Uint8Array[]): boolean => holdsIn(new TextWatch(kernel), blocks);
  const marker = (bytes: Uint8Array): number => new TextWatch(kernel).pushToMarker(bytes);

  describe(`coded data ${name}`, () => {
    it("a marker is found wherever it stands, and nothing else is taken for one", () => {
      // The last two lie over the border of what the kernel takes at once.
      for (const [length, places] of [
        [80, 70],
        [129, 126],
        [66_700, 3],
        [140_000, 3],
      ] as const) {
        const base = length > 1000 ? length - 1200 : 0;
        for (let shift = 0; shift < 4; shift += 1) {
          const clean = coded(length, 7, shift);
          assert.equal(marker(clean), -1);
          for (let place = 0; place < places; place += 1) {
            const at = base + place;
            const bytes = new Uint8Array(length + shift).subarray(shift);
            bytes.set(clean);
            // What stood before may have been the first half of a pair.
            if (bytes[at - 1] === 0xff) bytes[at - 1] = 0x91;
            bytes.set([0x91, 0xff, 0xd9, 0x91], at);
            assert.equal(marker(bytes), at + 1, `shift ${shift}, at ${at} of ${length}`);
          }
          const last = clean.slice();
          last[length - 1] = 0xff;
          assert.equal(marker(last), length - 1);
        }
      }
    });

    it("every second byte is told apart", () => {
      for (let next = 0; next < 256; next += 1) {
        const bytes = new Uint8Array(40).fill(0x80);
        bytes.set([0xff, next], 13);
        const isPart = next === 0 || (next >= 0xd0 && next <= 0xd7);
        assert.equal(marker(bytes), isPart ? -1 : 13, String(next));
      }
    });

    it("24 characters of text are found wherever they stand, in one block or over two; 23 are not", () => {
      assert.equal(text.length, 24);
      for (let shift = 0; shift < 4; shift += 1) {
        for (let at = 1; at < 70; at += 1) {
          const bytes = coded(100, at, shift).fill(0x80, at - 1, at + 25);
          bytes.set(text, at);
          assert.equal(holds(bytes), true, `shift ${shift}, at ${at}`);
          for (let cut = 1; cut < 24; cut += 1)
            assert.equal(holds(bytes.subarray(0, at + cut), bytes.subarray(at + cut)), true, `${at}, cut at ${cut}`);
          assert.equal(holds(...Array.from(bytes, (_, i) => bytes.subarray(i, i + 1))), true, `byte by byte, ${at}`);
          bytes[at + 12] = 0x80;
          assert.equal(holds(bytes), false);
          bytes.fill(0x41, at, at + 24);
          assert.equal(holds(bytes), false, "one letter over and over is no text");
        }
      }
      // Before text, letters that are none: they belong to the same run.
      const long = new Uint8Array(300).fill(0x41);
      long.set(text, 200);
      assert.equal(holds(long), true);
    });

    it("text is found over the border of what is taken at once, and not behind a marker", () => {
      const clean = coded(140_000, 3, 0).map((byte) => (byte === 0xff ? 0x91 : byte));
      for (const border of [128, 1024 + 128, 65_536, 65_536 + 9344, 131_072]) {
        for (let at = border - 25; at <= border + 1; at += 1) {
          const bytes = clean.slice().fill(0x80, at - 1, at + 25);
          bytes.set(text, at);
          assert.equal(holds(bytes), true, `at ${at}`);
          assert.throws(() => marker(bytes), /text stands within/u);
          bytes.set([0xff, 0xd9], at - 2);
          assert.equal(marker(bytes), at - 2);
        }
      }
    });
  });
}

test("with and without the kernel the same is found in bytes of few kinds", () => {
  const kinds = [
    0x20, 0x41, 0x42, 0x43, 0x44, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x7e, 0x7f, 0x1f, 0x80, 0xff, 0,
  ];
  const random = seeded(5);
  let texts = 0;
  for (let run = 0; run < 20_000; run += 1) {
    // Mostly printable, and now and then an end of the run.
    const bytes = Uint8Array.from({ length: random(120) }, () => kinds[random(random(12) === 0 ? 18 : 13)] ?? 0);
    const cut = random(bytes.length + 1);
    const blocks = [bytes.subarray(0, cut), bytes.subarray(cut)];
    const found = holdsIn(new TextWatch(null), blocks);
    assert.equal(holdsIn(new TextWatch(), blocks), found, Buffer.from(bytes).toString("hex"));
    if (found) texts += 1;
    else {
      const from = findMarker(bytes, 0);
      assert.equal(new TextWatch().pushToMarker(bytes), from);
    }
  }
  assert.ok(texts > 1000 && texts < 19_000, String(texts));
});
