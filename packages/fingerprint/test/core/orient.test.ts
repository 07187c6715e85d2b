import assert from "node:assert/strict";
import { describe, it } from "node:test";
import sharp from "sharp";
import { orientRgb, orientationSwapsSides } from "../../src/core/orient.ts";

describe("orientRgb", () => {
  const rgb = Uint8Array.from({ length: 5 * 3 * 3 }, (_, at) => at * 5);
  for (let orientation = 1; orientation <= 8; orientation++) {
    it(`orientation ${orientation} is what sharp makes of it`, async () => {
      const stored = await sharp(rgb, { raw: { width: 5, height: 3, channels: 3 } })
        .withMetadata({ orientation })
        .png()
        .toBuffer();
      const { data, info } = await sharp(stored).autoOrient().raw().toBuffer({ resolveWithObject: true });
      assert.equal(orientationSwapsSides(orientation), info.width === 3);
      assert.deepEqual(orientRgb(rgb, 5, 3, orientation), new Uint8Array(data));
    });
  }

  it("leaves a picture with an unknown orientation alone", () => {
    assert.equal(orientRgb(rgb, 5, 3, 0), rgb);
    assert.equal(orientRgb(rgb, 5, 3, 9), rgb);
  });
});
