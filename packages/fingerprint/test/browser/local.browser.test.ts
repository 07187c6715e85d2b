/** Local hashes of the same file from the browser door in Chromium and from the Node door. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import sharp from "sharp";
import { hexDistanceBits } from "../../src/core/distance.ts";
import { LOCAL_RADIUS_BITS } from "../../src/local/numbers.ts";
import { countVotes, judgeVotes } from "../../src/local/votes.ts";
import { fingerprintBytes } from "../../src/node/index.ts";
import type { FingerprintOutcome, LocalHashes, Wanted } from "../../src/types.ts";
import { launchChromium, noChromium } from "../../../../tools/chromium.ts";
import { photographPath } from "../local/pictures.ts";
import { leaves } from "../pictures.ts";
import { type Site, startSite } from "./site.ts";

/** What the test page (page/main.ts) puts on its window. */
interface Door {
  run(cancelAt: number, wanted: Wanted): Promise<FingerprintOutcome>;
}
declare const window: { readonly door: Door };

/** Two doors' hashes of one patch differ in so many bits at most to be partners here; a match reaches LOCAL_RADIUS_BITS. */
const PARTNER_BITS = 6;
/**
 * Part of the bank's hashes with a partner within PARTNER_BITS and within a match's reach, at least, in both directions.
 * Measured: all of them, equal to the bit, where both doors decode at full size; 0.27 to 0.89 and 0.69 to 0.99 where Node
 * scales a JPEG while decoding. The least are photographs enlarged to that size, which have little fine detail.
 */
const SAME = { near: 0.98, within: 0.98 };
const SCALED = { near: 0.2, within: 0.6 };

function localOf(outcome: FingerprintOutcome): LocalHashes {
  assert.ok(outcome.ok && outcome.fingerprint.local, JSON.stringify(outcome).slice(0, 200));
  return outcome.fingerprint.local;
}

/** Part of `hashes` with a partner among `others`. */
function shareWithPartner(hashes: readonly string[], others: readonly string[], bits: number): number {
  const found = hashes.filter((hash) => others.some((other) => hexDistanceBits(hash, other) <= bits));
  return found.length / hashes.length;
}

describe("local hashes of both doors", { skip: noChromium }, () => {
  let site: Site;
  let browser: Browser;
  let page: Page;

  before(async () => {
    site = await startSite();
    browser = await launchChromium();
    page = await browser.newPage();
    await page.goto(site.url);
  });
  after(async () => {
    await browser?.close();
    await site?.close();
  });

  async function both(bytes: Buffer): Promise<readonly [LocalHashes, LocalHashes]> {
    const wanted: Wanted = { purpose: "both", stronger: true };
    await page.setInputFiles("#file", { name: "file", mimeType: "application/octet-stream", buffer: bytes });
    const here = await page.evaluate((asked) => window.door.run(2, asked), wanted);
    return [localOf(here), localOf(await fingerprintBytes(bytes, wanted))];
  }

  const photograph = (name: string): Promise<Buffer> => readFile(photographPath(name));
  const scaled = async (name: string, width: number): Promise<Buffer> =>
    sharp(await photograph(name))
      .resize({ width })
      .jpeg({ quality: 90 })
      .toBuffer();
  const files: readonly (readonly [name: string, make: () => Promise<Buffer>, least: typeof SAME])[] = [
    ["PNG", () => leaves(700, 500, 1).png().toBuffer(), SAME],
    ["small PNG", () => leaves(300, 200, 2).png().toBuffer(), SAME],
    ["JPEG, clock", () => photograph("clock"), SAME],
    ["JPEG, dandelions", () => photograph("dandelions"), SAME],
    ["JPEG, fig", () => photograph("fig"), SAME],
    ["JPEG, moss", () => photograph("moss"), SAME],
    ["JPEG, two dogs", () => photograph("two-dogs"), SAME],
    ["small JPEG", () => scaled("kite", 400), SAME],
    [
      "JPEG turned by EXIF",
      async () =>
        sharp(await photograph("kite"))
          .withMetadata({ orientation: 6 })
          .jpeg()
          .toBuffer(),
      SAME,
    ],
    ["large JPEG of clock, which Node scales while decoding", () => scaled("clock", 4000), SCALED],
    ["large JPEG of fig, which Node scales while decoding", () => scaled("fig", 4000), SCALED],
    ["JPEG of moss, 3200 wide, which Node scales while decoding", () => scaled("moss", 3200), SCALED],
    ["large JPEG of leaves, which Node scales while decoding", () => leaves(4000, 3000, 4).jpeg().toBuffer(), SCALED],
  ];
  for (const [name, make, least] of files) {
    it(`${name}: agree`, async (t) => {
      const [here, there] = await both(await make());
      const [exact, near, within] = [0, PARTNER_BITS, LOCAL_RADIUS_BITS].map((bits) =>
        Math.min(shareWithPartner(here.bank, there.bank, bits), shareWithPartner(there.bank, here.bank, bits)),
      ) as [number, number, number];
      t.diagnostic(
        `${here.bank.length} and ${there.bank.length} hashes; with a partner: equal ${exact.toFixed(3)}, within ` +
          `${PARTNER_BITS} bits ${near.toFixed(3)}, within ${LOCAL_RADIUS_BITS} bits ${within.toFixed(3)}`,
      );
      assert.ok(near >= least.near && within >= least.within);
      assert.ok(judgeVotes(countVotes(here.bank, there.query, there.places)).match);
      assert.ok(judgeVotes(countVotes(there.bank, here.query, here.places)).match);
    });
  }
});
