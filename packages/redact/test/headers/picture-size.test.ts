/** Sizes from headers, against files that libvips wrote; and every truncation. */
import assert from "node:assert/strict";
import { it } from "node:test";
import sharp from "sharp";
import { pictureSize } from "../../src/headers/picture-size.ts";

const made = sharp({ create: { width: 321, height: 123, channels: 3, background: "#468" } });
const formats = ["jpeg", "png", "gif", "webp", "avif"] as const;

for (const format of formats) {
  it(`${format}: the size, and of a part of the file the size or nothing`, async () => {
    const files = [await made.clone().toFormat(format).toBuffer()];
    if (format === "webp") files.push(await made.clone().webp({ lossless: true }).toBuffer());
    if (format === "webp") files.push(await made.clone().withMetadata({ orientation: 6 }).webp().toBuffer());
    if (format === "jpeg")
      files.push(await made.clone().withMetadata({ orientation: 6 }).jpeg({ progressive: true }).toBuffer());
    for (const file of files) {
      const expected = { format: format === "avif" ? "heif" : format, width: 321, height: 123 };
      assert.deepEqual(pictureSize(file), expected);
      for (let length = 0; length < Math.min(file.length, 1000); length++) {
        const found = pictureSize(file.subarray(0, length));
        if (found !== null && found !== "damaged") assert.deepEqual(found, expected);
      }
    }
  });
}

it("other bytes are no picture", () => {
  assert.equal(pictureSize(Buffer.from("hello, this is a text of some length")), null);
  assert.equal(pictureSize(new Uint8Array(0)), null);
  assert.equal(pictureSize(Buffer.from([0xff, 0xd8, 0xff, 0xd9, 0, 0, 0, 0, 0, 0, 0, 0, 0])), "damaged");
});
