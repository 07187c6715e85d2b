/** Queries of pictures with few patches: their parts are asked about too. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { RgbRows } from "../../src/core/shrink.ts";
import { findFeatures } from "../../src/local/kernel.ts";
import { FEW_QUERY_HASHES, MAX_QUERY_HASHES, QUERY_KEY_POINTS } from "../../src/local/numbers.ts";
import { featuresOfParts } from "../../src/local/parts.ts";
import { localHashes } from "../../src/local/patches.ts";
import { isFurniture } from "../../src/local/furniture.ts";
import { countVotes, judgeVotes } from "../../src/local/votes.ts";
import { greyPicture, noisePicture, photograph } from "./pictures.ts";
import { plainQuery } from "./plain.ts";

/** A phone's screen at the size that is searched, one colour all over but for a picture laid on it. */
function screenWith(picture: RgbRows, height: number): RgbRows {
  const screen = greyPicture(Math.round(height * 0.46), height, () => 232);
  const [left, top] = [Math.round(height * 0.14), Math.round(height * 0.25)];
  for (let y = 0; y < picture.height; y++) {
    const row = picture.rgb.subarray(y * picture.width * 3, (y + 1) * picture.width * 3);
    screen.rgb.set(row, ((top + y) * screen.width + left) * 3);
  }
  return screen;
}

const smallOnScreen = async (name: string, height = 512): Promise<RgbRows> =>
  screenWith(await photograph(name, Math.round(height * 0.215)), height);

/** Hashes of the whole alone. */
const ofWhole = ({ rgb, width, height }: RgbRows): readonly string[] => {
  const features = findFeatures(rgb, width, height, QUERY_KEY_POINTS, 0, true) ?? [];
  return [...new Set(features.filter((feature) => !isFurniture(feature)).map(({ hash }) => hash))];
};

describe("parts of a picture with little to ask with", () => {
  const pictures: readonly (readonly [string, () => RgbRows | Promise<RgbRows>])[] = [
    ["a small photograph on a screen", () => smallOnScreen("moss", 256)],
    ["another, on its side", async () => photograph("clock", 90)],
    ["a photograph with much to ask with", () => photograph("moss")],
    ["one with parts too small to be searched", async () => photograph("clock", 60)],
    ["nothing but one colour", () => greyPicture(300, 200, () => 90)],
    ["a strip", () => noisePicture(256, 9, 3)],
  ];
  for (const [name, make] of pictures) {
    it(`${name}: as it is specified, hash for hash and place for place`, async () => {
      const picture = await make();
      const { query, places } = localHashes(picture, "query");
      const plain = plainQuery(picture.rgb, picture.width, picture.height);
      assert.deepEqual(
        query.map((hash, at) => ({ hash, place: places[at] })),
        plain,
      );
    });
  }

  it("find a photograph that is small on a screen, of which the whole shows too little", async () => {
    const found = { whole: 0, parts: 0 };
    for (const name of ["moss", "clock", "fig", "facade", "kite", "cups"]) {
      const { bank } = localHashes(await photograph(name), "bank");
      const screen = await smallOnScreen(name);
      const { query, places } = localHashes(screen, "query");
      const whole = ofWhole(screen);
      assert.deepEqual(query.slice(0, whole.length), whole);
      const votesOf = (count: number) =>
        judgeVotes(countVotes(bank, query.slice(0, count), places.slice(0, count))).match;
      if (votesOf(whole.length)) found.whole++;
      if (votesOf(query.length)) found.parts++;
    }
    assert.ok(found.parts > found.whole, JSON.stringify(found));
    assert.ok(found.parts >= 4, JSON.stringify(found));
  });

  it("are left alone where the whole has enough, and fill a query no further than its limit", async () => {
    const rich = await photograph("moss");
    assert.ok(ofWhole(rich).length >= FEW_QUERY_HASHES);
    assert.deepEqual(localHashes(rich, "query").query, ofWhole(rich).slice(0, MAX_QUERY_HASHES));
    // Detail at the finest scale only: nothing in the whole, thousands in its parts.
    const fine = greyPicture(512, 512, (x, y) => 120 + ((x * 7919 + y * 104_729 + x * y * 31) % 13));
    const { query, places } = localHashes(fine, "query");
    assert.ok(query.length <= MAX_QUERY_HASHES && places.length === query.length);
    assert.ok(places.every((place) => Number.isInteger(place) && place >= 0 && place < 64 * 64));
  });

  it("hold nothing that the picture does not: no part of one colour has a feature", () => {
    assert.deepEqual(featuresOfParts(greyPicture(512, 400, () => 30)), []);
  });
});
