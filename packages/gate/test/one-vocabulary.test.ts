/** The fingerprint package and the protocol, which don't import each other, say the same. Here both are at hand. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import {
  bankSignals,
  type Fingerprint,
  type LocalHashes,
  querySignals,
  spreadOf,
  type VideoFingerprint,
  videoQuerySignals,
  videoSignals,
} from "@recourse/fingerprint";
import { CHECK_LIMITS, countSignals, fitsCheck, fitsItem, ITEM_LIMITS, PLACE_GRID } from "@recourse/protocol";
import { hex, patches } from "./signals.ts";

/** A video longer, and of more key frames, than any limit. */
const longVideo = (): VideoFingerprint => ({
  media: "video/mp4",
  codec: "h264",
  sizeBytes: 1,
  sha256: hex(32),
  md5: hex(16),
  width: 640,
  height: 360,
  durationSec: 9_000,
  complete: true,
  frames: Array.from({ length: 9_000 }, (_unused, timestampSec) => ({
    timestampSec,
    frame: timestampSec,
    pdq: hex(32),
    mirrored: hex(32),
    quality: 100,
  })),
  localFrames: Array.from({ length: 40 }, (_unused, timestampSec) => ({
    timestampSec,
    local: {
      bank: patches(512),
      query: patches(448),
      places: Array.from({ length: 448 }, (_none, at) => PLACE_GRID ** 2 - 1 - at),
    },
  })),
});

/** Eight different hashes. */
const result = () => ({
  pdq: hex(32),
  quality: 100,
  dihedral: {
    original: hex(32),
    rot90: hex(32),
    rot180: hex(32),
    rot270: hex(32),
    flipX: hex(32),
    flipY: hex(32),
    flipPlus1: hex(32),
    flipMinus1: hex(32),
  },
});

/** Animated and transparent, with more windows of every shape than a picture has. */
const largePicture = (local: LocalHashes): Fingerprint => ({
  ...result(),
  media: "image/webp",
  sizeBytes: 1,
  sha256: hex(32),
  md5: hex(16),
  width: 640,
  height: 360,
  flattened: result(),
  frames: Array.from({ length: 32 }, (_unused, index) => ({ ...result(), index })),
  windows: Array.from({ length: 10 }, () => ({ kind: "trimmed" as const, ...result() })),
  local,
});

describe("signals of the fingerprint package", () => {
  it("fill what an item may hold and a check may ask with, and go no further", () => {
    const video = longVideo();
    const [held, asked] = [videoSignals(video), videoQuerySignals(video)];
    assert.equal(fitsItem("video", held), true);
    assert.equal(fitsCheck(asked), true);
    const [heldCounts, askedCounts] = [countSignals(held), countSignals(asked)];
    assert.deepEqual(
      [heldCounts.vpdq, heldCounts["pdq-local"]],
      [ITEM_LIMITS.video.vpdq, ITEM_LIMITS.video["pdq-local"]],
    );
    assert.deepEqual([askedCounts.vpdq, askedCounts["pdq-local"]], [CHECK_LIMITS.vpdq, CHECK_LIMITS["pdq-local"]]);
  });

  it("of a picture with as many patches, frames and windows as there can be fit too", () => {
    // The specification's table, which a test of the fingerprint package holds against its code.
    const text = readFileSync(new URL("../../../docs/local-hashes.md", import.meta.url), "utf8");
    const told = (name: string): number => Number(new RegExp(`^\\| \`${name}\` +\\| (\\d+) `, "m").exec(text)?.[1]);
    const [bank, query] = [patches(told("MAX_BANK_HASHES")), patches(told("MAX_QUERY_HASHES"))];
    assert.equal(bank.length, ITEM_LIMITS.image["pdq-local"]);
    const [bankMany, queryMany] = [
      bankSignals(largePicture({ bank, query: [], places: [] })),
      querySignals(largePicture({ bank: [], query, places: query.map((_hash, place) => place) })),
    ];
    assert.deepEqual([fitsItem("image", bankMany), fitsCheck(queryMany)], [true, true]);
    // One patch more than an item may hold is refused: the numbers are the same, not one below the other.
    const tooMany = bankSignals(largePicture({ bank: [...bank, hex(32)], query: [], places: [] }));
    assert.equal(fitsItem("image", tooMany), false);
  });

  it("count places in the protocol's columns", () => {
    assert.equal(spreadOf([PLACE_GRID - 1, PLACE_GRID]), PLACE_GRID - 1);
    assert.equal(spreadOf([0, PLACE_GRID]), 1);
  });
});
