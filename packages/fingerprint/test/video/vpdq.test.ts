/** vPDQ's text forms: what others write is read, what is wrong is named by its line, and nothing throws. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  MAX_VPDQ_FRAMES,
  everySecond,
  readVpdqSignal,
  readVpdqText,
  writeVpdqSignal,
  writeVpdqText,
} from "../../src/video/vpdq.ts";
import { spentMs } from "../../../../tools/spent.ts";

const HASH = "0123456789abcdef".repeat(4);

const frames = fc.array(
  fc.record(
    {
      frame: fc.nat(1_000_000),
      timestampSec: fc.double({ min: 0, max: 1e6, noNaN: true }).map(Math.abs),
      pdq: fc.stringMatching(/^[0-9a-f]{64}$/),
      quality: fc.integer({ min: 0, max: 100 }),
    },
    { noNullPrototype: true },
  ),
  { maxLength: 20 },
);

describe("vPDQ's text forms", () => {
  it("reading what was written gives the same frames", () => {
    fc.assert(
      fc.property(frames, (list) => {
        assert.deepEqual(readVpdqText(writeVpdqText(list)), { ok: true, frames: list });
        const numbered = list.map((each, frame) => ({ ...each, frame }));
        assert.deepEqual(readVpdqSignal(writeVpdqSignal(numbered)), { ok: true, frames: numbered });
      }),
    );
  });

  it("what others write is read: capitals, line ends of Windows, empty lines, scientific notation", () => {
    const frame = { frame: 3, timestampSec: 0.1, pdq: HASH, quality: 90 };
    assert.deepEqual(readVpdqText(`\r\n3,90,${HASH.toUpperCase()},1.0e-01\r\n\r\n`), { ok: true, frames: [frame] });
    assert.deepEqual(readVpdqSignal(`["${HASH},100,3.33e-05", "${HASH},0,1E+2"]`), {
      ok: true,
      frames: [
        { frame: 0, timestampSec: 3.33e-5, pdq: HASH, quality: 100 },
        { frame: 1, timestampSec: 100, pdq: HASH, quality: 0 },
      ],
    });
    assert.deepEqual(readVpdqText(""), { ok: true, frames: [] });
  });

  const wrong: readonly string[] = [
    `x,90,${HASH},1`,
    `1,101,${HASH},1`,
    `1,-1,${HASH},1`,
    `1,90,${HASH}0,1`,
    `1,90,${HASH.slice(1)}g,1`,
    `1,90,${HASH},-1`,
    `1,90,${HASH},Infinity`,
    `1,90,${HASH},1e99`,
    `1,90,${HASH},`,
    `1,90,${HASH}`,
    `1,90,${HASH},1,`,
    `1e3,90,${HASH},1`,
    "hello",
  ];
  for (const line of wrong) {
    it(`is refused with its place: ${line.replaceAll(HASH, "HASH")}`, () => {
      assert.deepEqual(readVpdqText(`0,90,${HASH},0\n${line}\n`), { ok: false, code: "entry_invalid", at: 2 });
    });
  }

  it("a signal string that isn't a list of such entries is refused with its place", () => {
    for (const text of ["", "{", "{}", "null", '"a"', "1"]) {
      assert.deepEqual(readVpdqSignal(text), { ok: false, code: "not_json", at: 0 });
    }
    for (const entry of ["1", "null", '""', `"${HASH},90"`, `"${HASH},90,1,2"`, `["${HASH},90,1"]`]) {
      assert.deepEqual(readVpdqSignal(`["${HASH},90,1",${entry}]`), { ok: false, code: "entry_invalid", at: 1 });
    }
  });

  it("too much is refused in little time, and so is random text", () => {
    const start = spentMs();
    const line = `0,90,${HASH},0\n`;
    assert.deepEqual(readVpdqText(line.repeat(MAX_VPDQ_FRAMES + 1)), {
      ok: false,
      code: "too_many_frames",
      at: MAX_VPDQ_FRAMES + 1,
    });
    assert.deepEqual(readVpdqSignal(`[${"1,".repeat(MAX_VPDQ_FRAMES)}1]`), {
      ok: false,
      code: "too_many_frames",
      at: MAX_VPDQ_FRAMES,
    });
    assert.equal(readVpdqText("\n".repeat(20_000_000)).ok, false);
    assert.equal(readVpdqSignal("[".repeat(20_000_000)).ok, false);
    assert.equal(readVpdqSignal("[".repeat(1_000_000)).ok, false);
    assert.ok(spentMs(start) < 15_000);
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => void [readVpdqText(text), readVpdqSignal(text)]));
  });

  it("every second: the first frame of each", () => {
    const at = (timestampSec: number) => ({ frame: 0, timestampSec, pdq: HASH, quality: 1 });
    const kept = everySecond([0.2, 0.9, 1, 1.5, 3.7, 3.9].map(at));
    assert.deepEqual(
      kept.map(({ timestampSec }) => timestampSec),
      [0.2, 1, 3.7],
    );
  });
});
