/** Snapshots with tables: what is loaded is what was saved, and what is not whole is refused. */
import assert from "node:assert/strict";
import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import {
  createRingIndex,
  createScanIndex,
  type HammingIndex,
  loadRingIndex,
  MatchError,
  type MatchErrorCode,
  openRingReader,
  type RingIndex,
} from "../src/index.ts";
import { checksumOf } from "../src/ring/checksum.ts";
import { save } from "../src/ring/save.ts";
import { createSegment, tellCount } from "../src/ring/segment.ts";
import { BLOCK_BYTES } from "../src/ring/snapshot-form.ts";
import { hashOfId, pack, randomFrom, randomHash, turnBits } from "./hashes.ts";

// What is used here of a global that the project's library of types does not have.
declare const WebAssembly: { readonly Memory: unknown };

/** Each piece is read before the next is asked for. */
const gather = (pieces: Iterable<Uint8Array>): Uint8Array =>
  new Uint8Array(Buffer.concat(Array.from(pieces, (piece) => piece.slice())));
const loadBytes = (bytes: Uint8Array): Promise<RingIndex> => loadRingIndex([bytes], bytes.length);

const isCode = (code: MatchErrorCode) => (error: unknown) => error instanceof MatchError && error.code === code;

const assertAlike = (index: HammingIndex, scan: HammingIndex, ids: number, seed: number): void => {
  const random = randomFrom(seed);
  assert.equal(index.size, scan.size);
  for (let turn = 0; turn < 60; turn += 1) {
    const query = turnBits(hashOfId(random(ids)), random(36), random);
    for (const radius of [0, 31, 60]) assert.deepEqual(index.query(query, radius), scan.query(query, radius));
    assert.deepEqual(index.queryVotes([query, hashOfId(turn)], 31), scan.queryVotes([query, hashOfId(turn)], 31));
  }
};

/** Few rows with tables, some dead, and some without. */
const createSmall = (): RingIndex => {
  const index = createRingIndex({ radiusBits: 1 });
  index.addMany(
    Uint32Array.from({ length: 512 }, (_unused, id) => id),
    pack(Array.from({ length: 512 }, (_unused, id) => hashOfId(id))),
  );
  for (let id = 20; id < 512; id += 1) index.remove(id);
  for (let id = 600; id < 605; id += 1) index.add(id, hashOfId(id));
  // Each a share of the merge that leaves the dead out.
  for (let turn = 0; turn < 40; turn += 1) {
    index.add(700, hashOfId(700));
    index.remove(700);
  }
  for (const id of [3, 7, 602]) index.remove(id);
  return index;
};

/** The checksums as they have to be after a change: the header's, and the one at the end. */
const reseal = (bytes: Uint8Array, sections: readonly number[]): Uint8Array => {
  const view = new DataView(bytes.buffer);
  const headEnd = 32 + 12 * view.getUint32(12, true);
  let checksum = checksumOf(bytes.subarray(0, headEnd), 0n);
  view.setBigUint64(headEnd, checksum, true);
  let at = headEnd + 8;
  for (const size of sections) {
    for (let done = 0; done < size; done += BLOCK_BYTES) {
      checksum = checksumOf(bytes.subarray(at + done, at + Math.min(size, done + BLOCK_BYTES)), checksum);
    }
    at += size;
  }
  assert.equal(at + 8, bytes.length);
  view.setBigUint64(at, checksum, true);
  return bytes;
};

describe("a snapshot with tables", () => {
  it("has XXH64 for a checksum", () => {
    const text = (value: string): Uint8Array => new TextEncoder().encode(value);
    assert.equal(checksumOf(text(""), 0n), 0xef46db3751d8e999n);
    assert.equal(checksumOf(text("a"), 0n), 0xd24ec4f1a98c6e5bn);
    assert.equal(checksumOf(text("abc"), 0n), 0x44bc2cf5ad770999n);
    assert.equal(checksumOf(text("Nobody inspects the spammish repetition"), 0n), 0xfbcea83c8a378bf1n);
  });

  it("gives the index back that was saved, at any moment of its merging, and it can go on", async () => {
    const scan = createScanIndex();
    let index = createRingIndex();
    let isBehind = 0;
    const ids = 45_000;
    for (let id = 0; id < ids; id += 1) {
      for (const each of [index, scan]) each.add(id >> 1, hashOfId(id));
      if (id % 5 === 0) for (const each of [index, scan]) each.remove(id >> 3);
      if (id % 3700 !== 0) continue;
      const bytes = gather(index.save());
      index = await loadBytes(bytes);
      assertAlike(index, scan, id + 1, id);
      isBehind += new DataView(bytes.buffer).getUint32(12, true) > 2 ? 1 : 0;
    }
    assert.ok(isBehind > 5, "some were saved while segments were merged");
    assert.deepEqual((await loadBytes(gather(index.save()))).snapshot(), index.snapshot());
    for (let id = 0; id < ids; id += 1) assert.equal(index.remove(id >> 1), scan.remove(id >> 1));
    assert.equal(index.size, 0);
    assert.equal((await loadBytes(gather(index.save()))).size, 0);
  });

  it("holds what there was at the call, whatever comes and goes while it is fetched", async () => {
    const index = createRingIndex();
    const scan = createScanIndex();
    for (let id = 0; id < 30_000; id += 1) for (const each of [index, scan]) each.add(id, hashOfId(id));
    for (let id = 0; id < 30_000; id += 7) for (const each of [index, scan]) each.remove(id);
    const pieces: Uint8Array[] = [];
    let next = 30_000;
    for (const piece of index.save()) {
      pieces.push(piece.slice());
      for (let turn = 0; turn < 1500; turn += 1) {
        index.add(next, hashOfId(next));
        index.remove(next - 30_000);
        next += 1;
      }
    }
    assert.ok(next > 40_000);
    assertAlike(await loadBytes(gather(pieces)), scan, 30_000, 5);
  });

  it("is read from a file into memory that threads share, from pieces of any size, and in its older form", async () => {
    const index = createRingIndex({ readers: 2, radiusBits: 20 });
    const scan = createScanIndex();
    const hashes = pack(Array.from({ length: 60_000 }, (_unused, id) => hashOfId(id)));
    for (const each of [index, scan])
      each.addMany(
        Uint32Array.from({ length: 60_000 }, (_unused, id) => id),
        hashes,
      );
    for (const each of [index, scan]) for (let id = 5; id < 60_000; id += 1000) each.remove(id);
    const folder = await mkdtemp(join(tmpdir(), "recourse-test-"));
    try {
      const path = join(folder, "index");
      await writeFile(path, index.save());
      const file = await open(path);
      const { size } = await file.stat();
      const read = async (into: Uint8Array): Promise<number> => (await file.read(into)).bytesRead;
      const loaded = await loadRingIndex(read, size, { readers: 1 });
      const messages: unknown[] = [];
      const handle = loaded.openReader({ postMessage: (message) => void messages.push(message) });
      assert.ok(handle !== undefined);
      const reader = openRingReader(handle, () => messages.shift());
      assertAlike(loaded, scan, 60_000, 1);
      for (let id = 0; id < 60_000; id += 501) {
        assert.deepEqual(reader.query(hashOfId(id), 31), scan.query(hashOfId(id), 31));
      }
      await file.close();
      const again = await open(path);
      assertAlike(await loadRingIndex(again.createReadStream({ highWaterMark: 999 }), size), scan, 60_000, 2);
      await again.close();
    } finally {
      await rm(folder, { recursive: true });
    }
    const older = scan.snapshot();
    for (const step of [37, older.length]) {
      const pieces = function* (): Generator<Uint8Array> {
        for (let from = 0; from < older.length; from += step) yield older.subarray(from, from + step);
      };
      assertAlike(await loadRingIndex(pieces(), older.length), scan, 60_000, 3);
    }
    assert.equal((await loadRingIndex([createScanIndex().snapshot()], 20)).size, 0);
  });

  it("is refused when it is cut off anywhere, too long, or changed in any byte", async () => {
    const whole = gather(createSmall().save());
    assert.ok(new DataView(whole.buffer).getUint32(12, true) === 2, "with tables and without");
    assert.equal((await loadBytes(whole)).size, 18 + 4);
    assert.ok(whole.length < 6000, "the dead rows are gone");
    for (let length = 0; length < whole.length; length += 1) {
      await assert.rejects(loadBytes(whole.subarray(0, length)), isCode("snapshot_length"), `${length} bytes`);
      // The file is as long as it should be, but its source ends.
      if (length % 29 === 0)
        await assert.rejects(loadRingIndex([whole.subarray(0, length)], whole.length), isCode("snapshot_length"));
    }
    const longer = Uint8Array.from([...whole, 0]);
    await assert.rejects(loadBytes(longer), isCode("snapshot_length"));
    await assert.rejects(loadRingIndex([longer], whole.length), isCode("snapshot_length"));
    const reasons = new Set<string>();
    for (let offset = 0; offset < whole.length; offset += 1) {
      // Behind the header memory is taken each time.
      for (const change of offset < 80 ? [0x01, 0x80, 0xff] : [1 << (offset & 7)]) {
        const damaged = whole.slice();
        damaged[offset] = damaged[offset]! ^ change;
        await assert.rejects(loadBytes(damaged), (error) => {
          reasons.add(error instanceof MatchError ? error.code : "another error");
          return error instanceof MatchError;
        });
      }
    }
    assert.deepEqual([...reasons].toSorted(), ["snapshot_checksum", "snapshot_magic", "snapshot_version"]);
  });

  it("is refused where its checksums are right and it contradicts itself, before memory is taken for it", async () => {
    const index = createRingIndex({ radiusBits: 0 });
    index.addMany(
      Uint32Array.from({ length: 600 }, (_unused, id) => id),
      pack(Array.from({ length: 600 }, (_unused, id) => hashOfId(id))),
    );
    index.remove(9);
    const whole = gather(index.save());
    const sections = [599 * 32, 599 * 4, 75, 257 * 4, 1198, 1797];
    const starts = sections.map((_size, number) => 52 + sections.slice(0, number).reduce((a, b) => a + b, 0));
    const [rowsAt = 0, idsAt = 0, deadAt = 0, offsetsAt = 0, , slotsAt = 0] = starts;
    assert.equal(rowsAt, 32 + 12 + 8);
    assert.equal((await loadBytes(reseal(whole.slice(), sections))).size, 599);
    const expectCode = async (code: MatchErrorCode, change: (bytes: Uint8Array, view: DataView) => void) => {
      const bytes = whole.slice();
      change(bytes, new DataView(bytes.buffer));
      await assert.rejects(loadBytes(reseal(bytes, sections)), isCode(code), change.toString());
    };
    await expectCode("snapshot_content", (_bytes, view) => view.setUint32(idsAt + 40, 0xffff_ffff, true));
    await expectCode("snapshot_content", (bytes) => bytes.fill(0xff, deadAt + 3, deadAt + 4));
    await expectCode("snapshot_content", (_bytes, view) => view.setUint32(offsetsAt, 1, true));
    await expectCode("snapshot_content", (_bytes, view) => view.setUint32(offsetsAt + 400, 600, true));
    await expectCode("snapshot_content", (_bytes, view) => view.setUint32(offsetsAt + 256 * 4, 0x7fff_ffff, true));
    await expectCode("snapshot_content", (_bytes, view) => view.setUint16(slotsAt + 300, 599, true));
    await expectCode("snapshot_content", (bytes) => bytes.fill(0xff, slotsAt + 1794));
    await expectCode("snapshot_content", (bytes) => bytes.fill(9, 40, 41)); // level
    await expectCode("snapshot_content", (bytes) => bytes.fill(0, 40, 41));
    const { Memory } = WebAssembly;
    const full = function refuse(): never {
      throw new RangeError("WebAssembly.Memory(): could not allocate memory");
    };
    Object.assign(WebAssembly, { Memory: full });
    try {
      await expectCode("snapshot_content", (_bytes, view) => view.setUint32(32, 30_000_000, true));
      await expectCode("snapshot_content", (_bytes, view) => view.setUint32(36, 600, true));
      await expectCode("snapshot_content", (_bytes, view) => view.setUint32(28, 31, true));
      await expectCode("snapshot_content", (bytes) => bytes.fill(31, 42, 43));
      await expectCode("snapshot_length", (_bytes, view) => view.setUint32(16, 0xffff_ffff, true));
      await expectCode("snapshot_version", (bytes) => bytes.fill(1, 24, 25));
      await expectCode("memory_full", () => {});
      const greedy = createScanIndex().snapshot();
      new DataView(greedy.buffer).setUint32(12, 0xffff_ffff, true);
      await assert.rejects(loadBytes(greedy), isCode("snapshot_length"));
    } finally {
      Object.assign(WebAssembly, { Memory });
    }
  });

  it("is refused where two segments claim one place, or stand in the wrong order", async () => {
    const index = createRingIndex();
    for (let id = 0; id < 2050; id += 1) index.add(id, hashOfId(id));
    const bytes = gather(index.save());
    const view = new DataView(bytes.buffer);
    assert.equal(view.getUint32(12, true), 2);
    const sections = [2048 * 32, 2048 * 4, 256, 64, 8, 1];
    assert.deepEqual([bytes[40], bytes[41], bytes[52], bytes[53]], [0, 1, 0, 0]);
    const [first, second] = [bytes.slice(40, 42), bytes.slice(52, 54)];
    bytes.set(second, 40);
    await assert.rejects(loadBytes(reseal(bytes.slice(), sections)), isCode("snapshot_content"));
    bytes.set(first, 52);
    await assert.rejects(loadBytes(reseal(bytes.slice(), sections)), isCode("snapshot_content"));
  });

  it("holds nothing of what was removed, and is what an index of the rest would save", async () => {
    const ids = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_unused, id) => id);
    const hashes = pack(Array.from({ length: 5_000 }, (_unused, id) => hashOfId(id)));
    for (const radiusBits of [0, 9, 31]) {
      const some = createRingIndex({ radiusBits });
      some.addMany(ids(5_000), hashes);
      const without = createRingIndex({ radiusBits });
      // Every third at the beginning, a whole stretch, and one alone.
      const isGone = (id: number): boolean => (id < 900 && id % 3 === 0) || (id >= 2_000 && id < 2_500) || id === 4_999;
      const kept = ids(5_000).filter((id) => !isGone(id));
      without.addMany(kept, pack(Array.from(kept, hashOfId)));
      for (const id of ids(5_000)) if (isGone(id)) some.remove(id);
      const [left, right] = [gather(some.save()), gather(without.save())];
      assert.equal(new DataView(left.buffer).getUint32(32, true), kept.length);
      assert.equal(new DataView(left.buffer).getUint32(36, true), 0);
      // The same rows in the same order, so every byte is the same where tables have as many buckets.
      assert.ok(Buffer.from(left).equals(right), `radius ${radiusBits}`);
      assert.deepEqual((await loadBytes(left)).snapshot(), without.snapshot());
    }
    const all = createRingIndex();
    all.addMany(ids(600), hashes.subarray(0, 600 * 32));
    for (const id of ids(600)) all.remove(id);
    assert.equal(gather(all.save()).length, 48);
  });

  it("gives back full segments that stand beside the levels, which are asked and go on losing what is removed", async () => {
    const index = createRingIndex({ radiusBits: 0 });
    const ids = Uint32Array.from({ length: 600 }, (_unused, id) => id);
    const hashes = pack(Array.from(ids, hashOfId));
    index.addMany(ids, hashes);
    const bytes = gather(index.save());
    // As a segment of 30 million rows stands when another is full.
    bytes[40] = 255;
    const loaded = await loadBytes(reseal(bytes, [600 * 32, 600 * 4, 75, 257 * 4, 1200, 1800]));
    const scan = createScanIndex();
    scan.addMany(ids, hashes);
    for (let id = 0; id < 6_000; id += 1) {
      for (const each of [loaded, scan]) {
        if (id >= 600) each.add(id, hashOfId(id));
        if (id % 3 > 0) each.remove(id);
      }
    }
    assertAlike(loaded, scan, 6_000, 0xa);
    assertAlike(await loadBytes(gather(loaded.save())), scan, 6_000, 0xb);
  });

  it("is shorter by a byte an entry where room was made for more rows than came", async () => {
    const random = randomFrom(0x17);
    const rows = Array.from({ length: 1000 }, () => randomHash(random));
    const bytesOf = (capacity: number): Uint8Array => {
      const segment = createSegment(capacity, 8, { tableRadius: 0, places: 1, isShared: false });
      new Uint8Array(segment.rows.buffer, segment.rows.byteOffset).set(pack(rows));
      segment.ids.set(Uint32Array.from({ length: 1000 }, (_unused, id) => id));
      segment.count = 1000;
      segment.living = 1000;
      tellCount(segment);
      assert.equal(segment.kernel.build(2 ** 31), 1);
      return gather(save([{ segment, level: 1, isLeaving: false }], 0));
    };
    assert.deepEqual(bytesOf(2 ** 24 + 1), bytesOf(1000));
    assert.equal((await loadBytes(bytesOf(2 ** 24 + 1))).size, 1000);
  });

  it("passes on what its source throws, lets go of it, and wants to know how long it is", async () => {
    let isClosed = false;
    const failing = async function* (): AsyncGenerator<Uint8Array> {
      try {
        yield new Uint8Array(3);
        await Promise.resolve();
        yield new Uint8Array(100);
      } finally {
        isClosed = true;
      }
    };
    await assert.rejects(loadRingIndex(failing(), 200), isCode("snapshot_magic"));
    assert.ok(isClosed);
    await assert.rejects(
      loadRingIndex(() => Promise.reject(new TypeError("gone")), 200),
      TypeError,
    );
    for (const answer of [-1, 1.5, 1000])
      await assert.rejects(
        loadRingIndex(() => answer, 200),
        RangeError,
      );
    for (const size of [-1, 1.5, Number.NaN]) await assert.rejects(loadRingIndex([], size), /sizeBytes/);
  });
});
