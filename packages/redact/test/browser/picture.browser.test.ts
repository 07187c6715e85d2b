/** Pictures through the browser door in Chromium, under the real page's policy, against the core on the same pixels. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import sharp, { type Sharp } from "sharp";
import { launchChromium, noChromium } from "../../../../tools/chromium.ts";
import { type Redaction, redactPixels } from "../../src/index.ts";
import { painted } from "../pictures.ts";
import { type Site, startSite } from "./site.ts";

interface PictureOutcome {
  readonly ok: boolean;
  readonly code?: string;
  readonly value?: {
    readonly base64: string;
    readonly width: number;
    readonly height: number;
    readonly coveredPixels: number;
  };
}
/** What the test page (page/main.ts) puts on its window. */
declare const window: {
  readonly door: {
    readonly progress: readonly number[];
    picture(redaction: Redaction, options: object, cancelAt?: number): Promise<PictureOutcome>;
  };
};

const [WIDTH, HEIGHT] = [200, 150];
const raw = { width: WIDTH, height: HEIGHT, channels: 4 } as const;
const redaction: Redaction = {
  cover: [{ kind: "ellipse", x: 40.5, y: 30, width: 60, height: 50 }],
  decoration: "soft",
};

describe("browser door: pictures", { skip: noChromium, timeout: 300_000 }, () => {
  let site: Site;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];
  before(async () => {
    site = await startSite();
    browser = await launchChromium();
    page = await browser.newPage();
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error" && !message.text().includes("404")) problems.push(message.text());
    });
    await page.goto(site.url);
  });
  after(async () => {
    await browser?.close();
    await site?.close();
  });

  async function run(bytes: Buffer, plan: Redaction, options: object = {}, cancelAt?: number): Promise<PictureOutcome> {
    await page.setInputFiles("#file", { name: "file", mimeType: "application/octet-stream", buffer: bytes });
    return page.evaluate(([a, b, c]) => window.door.picture(a, b, c), [plan, options, cancelAt] as const);
  }
  const bytesOf = (outcome: PictureOutcome): Buffer => {
    assert.ok(outcome.ok && outcome.value, JSON.stringify(outcome).slice(0, 200));
    return Buffer.from(outcome.value.base64, "base64");
  };

  it("PNG: exactly the pixels that the core gives, opaque, and no chunk that isn't needed", async () => {
    const { data } = painted(WIDTH, HEIGHT);
    const source = await sharp(data, { raw }).png().toBuffer();
    const outcome = await run(source, redaction, { type: "image/png" });
    const file = bytesOf(outcome);
    const expected = redactPixels({ width: WIDTH, height: HEIGHT, data }, redaction);
    const found = await sharp(file).ensureAlpha().raw().toBuffer();
    assert.ok(found.equals(Buffer.from(expected.picture.data)));
    assert.equal(outcome.value?.coveredPixels, expected.coveredPixels);
    const chunks: string[] = [];
    for (let at = 8; at < file.length; at += 12 + file.readUInt32BE(at))
      chunks.push(file.toString("latin1", at + 4, at + 8));
    assert.deepEqual(
      [...new Set(chunks)].filter((name) => name !== "sRGB"),
      ["IHDR", "IDAT", "IEND"],
    );
    const progress = await page.evaluate(() => window.door.progress);
    assert.ok(progress.length > 3 && progress.every((each, at) => at === 0 || each >= progress[at - 1]!));
  });

  it("JPEG and WebP: files that differ only inside of the regions give the same bytes, without metadata", async () => {
    const one = painted(WIDTH, HEIGHT);
    const other = { ...one, data: new Uint8ClampedArray(one.data) };
    for (let y = 40; y < 70; y++) other.data.fill(200, (y * WIDTH + 60) * 4, (y * WIDTH + 85) * 4);
    const exif = { IFD0: { Make: "PLANTED-MAKE", Artist: "PLANTED-ARTIST" } };
    for (const type of ["image/jpeg", "image/webp"] as const) {
      const files = [];
      for (const [at, { data }] of [one, other].entries()) {
        const tagged = sharp(data, { raw }).withExif(exif);
        const source = await (at === 0 ? tagged : tagged.withIccProfile("srgb")).png().toBuffer();
        files.push(bytesOf(await run(source, redaction, { type })));
      }
      assert.ok(files[0]!.equals(files[1]!), type);
      const { exif: found, icc, xmp, hasAlpha } = await sharp(files[0]).metadata();
      assert.deepEqual([found, xmp, hasAlpha], [undefined, undefined, false]);
      // Chromium names sRGB by a profile of its own, the same in every file whatever the source had.
      assert.equal(icc?.length, 456);
      assert.ok(icc.equals((await sharp(files[1]).metadata()).icc!));
      assert.ok(!files[0]!.includes("PLANTED"));
      if (type === "image/jpeg") {
        const markers: number[] = [];
        for (let at = 2; files[0]![at + 1] !== 0xda; at += 2 + files[0]!.readUInt16BE(at + 2))
          markers.push(files[0]![at + 1]!);
        // JFIF, that profile and what decoding needs: no other application segment, no comment.
        assert.deepEqual(
          markers.filter((marker) => marker === 0xfe || (marker & 0xf0) === 0xe0),
          [0xe0, 0xe2],
        );
        assert.ok(files[0]!.subarray(-2).equals(Buffer.from([0xff, 0xd9])));
      }
    }
  });

  it("coordinates are those of the upright picture, for every orientation", async () => {
    const { data } = painted(WIDTH, HEIGHT);
    const upright = await sharp(data, { raw }).flatten().png().toBuffer();
    // How to turn an upright picture so that the tag brings it back.
    const stored: Readonly<Record<number, (image: Sharp) => Sharp>> = {
      1: (image) => image,
      2: (image) => image.flop(),
      3: (image) => image.rotate(180),
      4: (image) => image.flip(),
      6: (image) => image.rotate(270),
      8: (image) => image.rotate(90),
    };
    const plan: Redaction = {
      cover: [{ kind: "rectangle", x: 10, y: 20, width: 50, height: 30 }],
      paddingPx: 0,
      fill: { red: 255, green: 0, blue: 255 },
    };
    for (const [orientation, turn] of Object.entries(stored)) {
      const source = await turn(sharp(upright))
        .withMetadata({ orientation: Number(orientation) })
        .jpeg({ quality: 95 })
        .toBuffer();
      const outcome = await run(source, plan, { type: "image/png" });
      const { data: found, info } = await sharp(bytesOf(outcome))
        .removeAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true });
      assert.deepEqual([info.width, info.height], [WIDTH, HEIGHT], orientation);
      for (let at = 0; at < WIDTH * HEIGHT; at++) {
        const [x, y] = [at % WIDTH, Math.floor(at / WIDTH)];
        const covered = Math.abs(x - 34.5) < 25 && Math.abs(y - 34.5) < 15;
        assert.equal(found.subarray(at * 3, at * 3 + 3).join() === "255,0,255", covered, `${orientation}: ${x}, ${y}`);
      }
    }
  });

  it("crop and transparency: what was outside or under them is in no byte", async () => {
    const one = painted(WIDTH, HEIGHT);
    for (let at = 3; at < one.data.length; at += 12) one.data[at] = 0;
    const other = { ...one, data: new Uint8ClampedArray(one.data) };
    for (let at = 3; at < other.data.length; at += 12) other.data.set([9, 9, 9], at - 3);
    other.data.fill(77, 0, WIDTH * 4 * 10);
    const plan: Redaction = { ...redaction, crop: { x: 0, y: 12, width: 150, height: 100 } };
    const files = [];
    for (const { data } of [one, other])
      files.push(bytesOf(await run(await sharp(data, { raw }).png().toBuffer(), plan)));
    assert.ok(files[0]!.equals(files[1]!));
    const { width, height } = await sharp(files[0]).metadata();
    assert.deepEqual([width, height], [150, 100]);
  });

  it("bad input has its code", async () => {
    const jpeg = await sharp(painted(WIDTH, HEIGHT).data, { raw }).flatten().jpeg().toBuffer();
    const bomb = await sharp({ create: { width: 9, height: 9, channels: 3, background: "red" } })
      .png()
      .toBuffer();
    bomb.writeUInt32BE(60_000, 16);
    bomb.writeUInt32BE(60_000, 20);
    for (const [code, bytes, options] of [
      ["not_an_image", Buffer.from("hello, this is no picture"), {}],
      ["too_many_pixels", bomb, {}],
      ["too_many_pixels", jpeg, { limits: { pixels: 1000 } }],
      ["file_too_large", jpeg, { limits: { bytes: 1000 } }],
      ["image_damaged", jpeg.subarray(0, 100), {}],
      ["empty_file", Buffer.alloc(0), {}],
      ["encode_unsupported", jpeg, { type: "image/avif" }],
    ] as const) {
      assert.deepEqual(await run(bytes, redaction, options), { ok: false, code });
    }
    await assert.rejects(run(jpeg, { cover: [], paddingPx: -1 }), /region_invalid/u);
  });

  it("can be stopped, and the next one works", async () => {
    const jpeg = await sharp(painted(WIDTH, HEIGHT).data, { raw }).flatten().jpeg().toBuffer();
    assert.deepEqual(await run(jpeg, redaction, {}, 0), { ok: false, code: "cancelled" });
    assert.ok((await run(jpeg, redaction)).ok);
  });

  it("asked for nothing but its own files, and broke no policy", () => {
    const own = /^\/(|favicon\.ico|assets\/(index|picture-worker)-[\w-]+\.js)$/u;
    assert.deepEqual(
      site.requests.filter((path) => !own.test(path)),
      [],
    );
    assert.deepEqual(problems, []);
  });
});
