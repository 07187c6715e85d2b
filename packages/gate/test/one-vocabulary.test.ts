/** The fingerprint package and the protocol, which don't import each other, say the same. Here both are at hand. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { spreadOf, type VideoFingerprint, videoQuerySignals, videoSignals } from "@recourse/fingerprint";
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

  it("count places in the protocol's columns", () => {
    assert.equal(spreadOf([PLACE_GRID - 1, PLACE_GRID]), PLACE_GRID - 1);
    assert.equal(spreadOf([0, PLACE_GRID]), 1);
  });
});
