/** The one promise: what was covered, cropped away or hidden by transparency has no influence on any byte. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import sharp from "sharp";
import {
  DEFAULT_PADDING_PX,
  type Pixels,
  redactInPlace,
  redactPixels,
  type Redaction,
  type Region,
} from "../src/index.ts";
import { noise, painted, seeded } from "./pictures.ts";

const [WIDTH, HEIGHT] = [160, 120];
const inside: Region = { kind: "rectangle", x: 50, y: 40, width: 40, height: 30 };
const shapes: readonly Region[] = [
  inside,
  { kind: "ellipse", x: 30.3, y: 20.7, width: 50, height: 71.1 },
  {
    kind: "polygon",
    points: [
      { x: 20, y: 20 },
      { x: 120, y: 90 },
      { x: 120, y: 20 },
      { x: 20, y: 90 },
    ],
  },
  {
    kind: "stroke",
    points: [
      { x: 10, y: 100 },
      { x: 60, y: 15 },
      { x: 150, y: 50 },
    ],
    radiusPx: 7.5,
  },
];

/** Whether the square of pixel (x, y) touches the region; sampled on a grid, so never more than the truth. */
function touches(region: Region, x: number, y: number): boolean {
  for (let down = 0; down <= 4; down++) {
    for (let across = 0; across <= 4; across++) if (holds(region, x + across / 4, y + down / 4)) return true;
  }
  return false;
}

function holds(region: Region, x: number, y: number): boolean {
  switch (region.kind) {
    case "rectangle":
      return x > region.x && x < region.x + region.width && y > region.y && y < region.y + region.height;
    case "ellipse": {
      const across = (x - region.x - region.width / 2) / (region.width / 2);
      const down = (y - region.y - region.height / 2) / (region.height / 2);
      return across ** 2 + down ** 2 < 1;
    }
    case "polygon": {
      let odd = false;
      for (const [at, a] of region.points.entries()) {
        const b = region.points[(at + 1) % region.points.length]!;
        if (a.y > y !== b.y > y && x < a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x)) odd = !odd;
      }
      return odd;
    }
    case "stroke":
      return region.points.some((b, at) => {
        const a = region.points[Math.max(0, at - 1)]!;
        const [dx, dy] = [b.x - a.x, b.y - a.y];
        const share = dx === 0 && dy === 0 ? 0 : ((x - a.x) * dx + (y - a.y) * dy) / (dx ** 2 + dy ** 2);
        const near = Math.min(1, Math.max(0, share));
        return Math.hypot(x - a.x - dx * near, y - a.y - dy * near) < region.radiusPx;
      });
  }
}

/** A copy with other colours and other alpha wherever `at` says so. */
function changedWhere(picture: Pixels, at: (x: number, y: number) => boolean, seed: number): Pixels {
  const other = noise(picture.width, picture.height, seed);
  const data = new Uint8ClampedArray(picture.data);
  for (let y = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++) {
      const from = (y * picture.width + x) * 4;
      if (at(x, y)) data.set(other.data.subarray(from, from + 4), from);
    }
  }
  return { ...picture, data };
}

/** Whole arrays compared without a listing of differences, which takes minutes for pictures. */
function assertSame(one: Pixels["data"], two: Pixels["data"], message = "bytes differ"): void {
  assert.ok(Buffer.from(one).equals(Buffer.from(two)), message);
}

describe("nothing of what was covered is left", () => {
  for (const decoration of ["none", "stripes", "soft"] as const) {
    for (const shape of shapes) {
      it(`${shape.kind}, ${decoration}: two pictures that differ only inside give the same bytes`, () => {
        const picture = painted(WIDTH, HEIGHT);
        const other = changedWhere(picture, (x, y) => touches(shape, x, y), 7);
        assert.ok(!Buffer.from(other.data).equals(Buffer.from(picture.data)));
        const redaction: Redaction = { cover: [shape], paddingPx: 0, decoration };
        const [one, two] = [redactPixels(picture, redaction), redactPixels(other, redaction)];
        assertSame(one.picture.data, two.picture.data);
        assert.ok(one.coveredPixels > 100);
      });
    }
  }

  it("of any shapes, sizes and places", () => {
    const coordinate = fc.double({ min: -40, max: 110, noNaN: true });
    const point = fc.record({ x: coordinate, y: coordinate });
    const length = fc.double({ min: 0, max: 120, noNaN: true });
    const box = { x: coordinate, y: coordinate, width: length, height: length };
    const points = fc.array(point, { minLength: 1, maxLength: 9 });
    const region: fc.Arbitrary<Region> = fc.oneof(
      fc.record({ kind: fc.constant("rectangle" as const), ...box }),
      fc.record({ kind: fc.constant("ellipse" as const), ...box }),
      fc.record({ kind: fc.constant("polygon" as const), points }),
      fc.record({
        kind: fc.constant("stroke" as const),
        points,
        radiusPx: fc.double({ min: 0, max: 30, noNaN: true }),
      }),
    );
    const picture = painted(60, 45);
    fc.assert(
      fc.property(
        fc.array(region, { maxLength: 3 }),
        fc.constantFrom("none" as const, "stripes" as const, "soft" as const),
        fc.integer({ min: 0, max: 9 }),
        (cover, decoration, paddingPx) => {
          const other = changedWhere(picture, (x, y) => cover.some((each) => touches(each, x, y)), 11);
          const redaction: Redaction = { cover, decoration, paddingPx };
          assertSame(redactPixels(other, redaction).picture.data, redactPixels(picture, redaction).picture.data);
        },
      ),
      { numRuns: 100, seed: 5 },
    );
  });

  it("what is not covered stays as it is, byte for byte", () => {
    const picture = painted(WIDTH, HEIGHT);
    const { picture: output, coveredPixels } = redactPixels(picture, { cover: [inside], paddingPx: 0 });
    let changed = 0;
    for (let at = 0; at < WIDTH * HEIGHT; at++) {
      const [x, y] = [at % WIDTH, Math.floor(at / WIDTH)];
      const covered = x >= 50 && x < 90 && y >= 40 && y < 70;
      const expected = covered ? [0, 0, 0, 255] : [...picture.data.subarray(at * 4, at * 4 + 4)];
      assert.deepEqual([...output.data.subarray(at * 4, at * 4 + 4)], expected);
      if (covered) changed++;
    }
    assert.equal(coveredPixels, changed);
  });

  it("an edge within a pixel covers that pixel whole: nothing is mixed", () => {
    const region: Region = { kind: "rectangle", x: 10.999, y: 10.001, width: 5.002, height: 5 };
    const { picture } = redactPixels(painted(40, 40), {
      cover: [region],
      paddingPx: 0,
      fill: { red: 9, green: 8, blue: 7 },
    });
    for (const [x, y, covered] of [
      [10, 10, true],
      [9, 10, false],
      [16, 15, true],
      [17, 15, false],
      [12, 16, false],
      [12, 15, true],
    ] as const) {
      const pixel = [...picture.data.subarray((y * 40 + x) * 4, (y * 40 + x) * 4 + 4)];
      assert.equal(pixel.join() === "9,8,7,255", covered, `${x}, ${y}: ${pixel.join()}`);
    }
  });

  it("keep: everything else goes, and an edge pixel is everything else", () => {
    for (const shape of shapes) {
      const picture = painted(WIDTH, HEIGHT);
      // Where the square is not wholly inside of what is kept.
      const corners = (x: number, y: number): boolean =>
        [1e-9, 1 - 1e-9].every((dx) => [1e-9, 1 - 1e-9].every((dy) => holds(shape, x + dx, y + dy)));
      const other = changedWhere(picture, (x, y) => !corners(x, y), 3);
      const redaction: Redaction = { cover: [], keep: [shape], paddingPx: 0, decoration: "soft" };
      const [one, two] = [redactPixels(picture, redaction), redactPixels(other, redaction)];
      assertSame(one.picture.data, two.picture.data, shape.kind);
      assert.ok(one.coveredPixels < WIDTH * HEIGHT - 500, `${shape.kind} keeps something`);
    }
    const none = redactPixels(painted(20, 20), { cover: [], keep: [], decoration: "soft" });
    assert.ok(none.picture.data.every((value, at) => value === (at % 4 === 3 ? 255 : 0)));
  });

  it("crop: what is outside has no influence, and nothing of it stays in memory", () => {
    const crop = { x: 30.5, y: 20, width: 60, height: 50.9 };
    const picture = painted(WIDTH, HEIGHT);
    const other = changedWhere(picture, (x, y) => x < 31 || x >= 90 || y < 20 || y >= 70, 5);
    const redaction: Redaction = { cover: [inside], crop, paddingPx: 2, decoration: "soft" };
    const own = { ...other, data: new Uint8ClampedArray(other.data) };
    const [one, two] = [redactPixels(picture, redaction), redactInPlace(own, redaction)];
    assert.deepEqual([one.picture.width, one.picture.height], [59, 50]);
    assertSame(one.picture.data, two.picture.data);
    assert.ok(own.data.subarray(59 * 50 * 4).every((value) => value === 0));
  });

  it("transparent pixels hide nothing: flattened, opaque, and only what showed counts", () => {
    const picture = painted(40, 30);
    for (let at = 3; at < picture.data.length; at += 8) picture.data[at] = 0;
    const other = { ...picture, data: new Uint8ClampedArray(picture.data) };
    for (let at = 3; at < other.data.length; at += 8) other.data.set([1, 2, 3], at - 3);
    const redaction: Redaction = { cover: [], background: { red: 10, green: 20, blue: 30 } };
    const output = redactPixels(picture, redaction).picture.data;
    assertSame(output, redactPixels(other, redaction).picture.data);
    assert.deepEqual([...output.subarray(0, 4)], [10, 20, 30, 255]);
    assert.ok(output.every((value, at) => at % 4 !== 3 || value === 255));
  });

  it("in a JPEG made of the output: encoded bytes and decoded pixels are the same, chroma included", async () => {
    const picture = painted(WIDTH, HEIGHT);
    const other = changedWhere(picture, (x, y) => touches(inside, x, y), 21);
    const encoded = await Promise.all(
      [picture, other].map(async (each) => {
        const { data, width, height } = redactPixels(each, { cover: [inside], paddingPx: 0 }).picture;
        return sharp(data, { raw: { width, height, channels: 4 } })
          .jpeg({ quality: 80, chromaSubsampling: "4:2:0" })
          .toBuffer();
      }),
    );
    assertSame(encoded[0]!, encoded[1]!);
    assertSame(await sharp(encoded[0]).raw().toBuffer(), await sharp(encoded[1]).raw().toBuffer());
  });

  for (const quality of [30, 80, 95]) {
    it(`from a JPEG of quality ${quality}, whose blocks mixed inside and outside: the default padding takes all of it`, async () => {
      const picture = painted(WIDTH, HEIGHT);
      const random = seeded(quality);
      let bled = false;
      for (let round = 0; round < 12; round++) {
        const [x, y] = [30 + Math.floor(random() * 60), 30 + Math.floor(random() * 40)];
        const region: Region = { kind: "rectangle", x, y, width: 20, height: 20 };
        const other = changedWhere(picture, (px, py) => touches(region, px, py), round);
        const decoded = await Promise.all(
          [picture, other].map(async ({ data }) => {
            const raw = { width: WIDTH, height: HEIGHT, channels: 4 } as const;
            const jpeg = await sharp(data, { raw }).flatten().jpeg({ quality, chromaSubsampling: "4:2:0" }).toBuffer();
            return { width: WIDTH, height: HEIGHT, data: await sharp(jpeg).ensureAlpha().raw().toBuffer() };
          }),
        );
        const outputs = decoded.map((each) => redactPixels(each, { cover: [region] }).picture.data);
        assertSame(outputs[0]!, outputs[1]!, `at ${x}, ${y} with ${DEFAULT_PADDING_PX} pixels of padding`);
        const bare = decoded.map((each) => redactPixels(each, { cover: [region], paddingPx: 0 }).picture.data);
        bled ||= !Buffer.from(bare[0]!).equals(Buffer.from(bare[1]!));
      }
      assert.ok(bled, "without padding the source's own blocks do leak, or this test shows nothing");
    });
  }
});
