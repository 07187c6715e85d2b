/** What harmless pictures teach a gate, and what uploads are read into. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { bankSignals, comparePictures, videoSignals } from "@recourse/fingerprint";
import { fingerprintBytes, fingerprintVideoFile } from "@recourse/fingerprint/node";
import type { Signal } from "@recourse/protocol";
import { learnHarmless } from "../src/harmless.ts";
import { createUploadReader } from "../src/read-upload.ts";
import { createReplica } from "../src/replica.ts";
import { createStopList, STOP_LIST_LIMIT } from "../src/stop-list.ts";

const fixtures = join(import.meta.dirname, "../../../fixtures");
const photograph = (name: string): Buffer => readFileSync(join(fixtures, "photographs", `${name}.jpg`));
const folder = mkdtempSync(join(tmpdir(), "recourse-harmless-"));
after(() => rmSync(folder, { recursive: true }));

const hash = (first: string): string => first + "5a".repeat(32).slice(first.length);
const added = (itemNumber: number, signals: readonly Signal[]) => ({
  sequence: itemNumber,
  operation: "add" as const,
  itemId: `item-${itemNumber}`,
  itemNumber,
  bank: "recourse",
  signals,
});

async function banked(name: string): Promise<Signal[]> {
  const outcome = await fingerprintBytes(photograph(name), { stronger: true });
  assert.ok(outcome.ok);
  return bankSignals(outcome.fingerprint);
}

describe("stop list", () => {
  it("has what is within 31 bits of what it learned, and nothing at 32", () => {
    const list = createStopList();
    assert.ok(!list.has(hash("00")));
    list.learn([hash("00000000")]);
    assert.ok(list.has(hash("00000000")));
    assert.ok(list.has(hash("fffffffe")));
    assert.ok(!list.has(hash("ffffffff")));
  });

  it("stays within its limit", () => {
    const list = createStopList();
    list.learn(Array.from({ length: STOP_LIST_LIMIT + 10 }, (_, at) => hash(at.toString(16).padStart(8, "0"))));
    assert.equal(list.size, STOP_LIST_LIMIT);
  });

  it("a harmless picture that someone banked finds nothing any more, by any way but its very bytes", async () => {
    writeFileSync(join(folder, "template.jpg"), photograph("clock"));
    writeFileSync(join(folder, "notes.txt"), "not a picture");
    const { stopList, pictures, unread } = await learnHarmless(folder);
    assert.deepEqual([pictures, unread], [1, 1]);
    const replica = createReplica({ isFurniture: (value) => stopList.has(value) });
    replica.apply([added(1, await banked("clock")), added(2, await banked("two-dogs"))]);
    const reader = createUploadReader({ stronger: true });
    try {
      const ask = async (name: string) => {
        const { signals } = await reader.read(photograph(name));
        const near = signals.filter(({ type }) => type !== "md5" && type !== "sha256");
        return [...replica.find(near, 10), ...replica.findByPatches(near, 10)].map(({ itemId }) => itemId);
      };
      assert.deepEqual(await ask("clock"), []);
      assert.deepEqual(await ask("two-dogs"), ["item-2", "item-2"]);
      const { signals } = await reader.read(photograph("clock"));
      assert.deepEqual(
        replica.find(signals, 10).map(({ signalType }) => signalType),
        ["md5"],
      );
    } finally {
      await reader.close();
    }
  });
});

describe("uploads", () => {
  it("are asked about with exactly what the fingerprint package compares them by", async () => {
    const known = await fingerprintBytes(photograph("two-dogs"), { stronger: true });
    const asked = await fingerprintBytes(photograph("two-dogs"), { stronger: true, purpose: "query" });
    assert.ok(known.ok && asked.ok);
    const { votes } = comparePictures(known.fingerprint, asked.fingerprint);
    const replica = createReplica();
    replica.apply([added(1, bankSignals(known.fingerprint))]);
    const reader = createUploadReader({ stronger: true });
    try {
      const upload = await reader.read(photograph("two-dogs"));
      assert.equal(replica.findByPatches(upload.signals, 10)[0]?.votes, votes);
    } finally {
      await reader.close();
    }
  });

  it("without local queries have no local hashes", async () => {
    const reader = createUploadReader({ stronger: false });
    try {
      const { signals } = await reader.read(photograph("clock"));
      assert.ok(signals.length >= 3 && signals.every(({ type }) => type !== "pdq-local"));
    } finally {
      await reader.close();
    }
  });

  it("of a known video are found, with the seconds; a damaged one is asked about by its bytes", async (test) => {
    const path = join(fixtures, "videos/hike.mp4");
    const known = await fingerprintVideoFile(path);
    if (!known.ok && known.code === "decoder_missing") return test.skip("no FFmpeg on this machine");
    assert.ok(known.ok, JSON.stringify(known));
    const replica = createReplica();
    replica.apply([added(1, videoSignals(known.fingerprint))]);
    const reader = createUploadReader({ stronger: false });
    try {
      const upload = await reader.read(readFileSync(path));
      assert.ok(upload.ok);
      const [match] = replica.find(
        upload.signals.filter(({ type }) => type === "vpdq"),
        10,
      );
      assert.equal(match?.signalType, "vpdq");
      assert.ok((match?.seconds?.item.length ?? 0) > 0);
      const damaged = await reader.read(readFileSync(path).subarray(0, 900));
      assert.ok(!damaged.ok);
      assert.deepEqual(
        damaged.signals.map(({ type }) => type),
        ["md5", "sha256"],
      );
    } finally {
      await reader.close();
    }
  });
});
