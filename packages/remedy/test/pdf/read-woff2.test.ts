import assert from "node:assert/strict";
import { test } from "node:test";
import { loadPackageFile } from "../../src/node/index.ts";
import { startShaper } from "../../src/pdf/harfbuzz.ts";
import { readWoff2 } from "../../src/pdf/read-woff2.ts";

const load = async (path: string) => new Uint8Array(await loadPackageFile(path));
const FONT = "@fontsource/noto-sans/files/noto-sans-latin-400-normal.woff2";

test("a font that was opened has its letters and widths, and its outlines have the edges that the font states", async () => {
  const shaper = await startShaper(
    await load("harfbuzzjs/dist/harfbuzz.wasm"),
    await load("harfbuzzjs/dist/harfbuzz-subset.wasm"),
  );
  const sfnt = readWoff2(await loadPackageFile(FONT));
  const font = shaper.openFont(sfnt);
  assert.equal(font.unitsPerEm, 1000);
  const [a] = font.shape("a", false, "Latn");
  assert.ok(a !== undefined && a.id > 0);
  assert.deepEqual([a.advance, font.advanceOf(a.id)], [561, 561]);
  assert.equal(font.has(0x627), false);
  // The table of positions ends where the outlines do.
  const view = new DataView(sfnt.buffer);
  const table = (wanted: string): readonly [offset: number, length: number] => {
    for (let at = 12; at < 12 + 16 * view.getUint16(4); at += 16)
      if (Buffer.from(sfnt.subarray(at, at + 4)).toString() === wanted)
        return [view.getUint32(at + 8), view.getUint32(at + 12)];
    throw new Error(wanted);
  };
  const [loca, length] = table("loca");
  assert.equal(view.getUint32(loca + length - 4), table("glyf")[1]);
});

test("what is no such font, or cut off, is refused", async () => {
  const whole = await loadPackageFile(FONT);
  assert.throws(() => readWoff2(new Uint8Array(100)));
  for (const end of [0, 3, 4, 47, 48, 60, 200, 1000, whole.length - 1000])
    assert.throws(() => readWoff2(whole.subarray(0, end)), String(end));
});
