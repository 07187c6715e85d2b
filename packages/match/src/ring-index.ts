/**
 * The ring index: exact within 31 bits without looking at every hash. Method, proof, costs: docs/matching.md. Beyond
 * 31 bits it scans. It answers what the plain scan answers; where there is no WebAssembly with SIMD it is that.
 *
 * Cost at radius 31: a query 272 bucket look-ups and N / 241 sketches of 2 bytes; add and remove take a share of the
 * merging with them, bounded. Memory: 140 bytes an entry, and as much again for the entries that are being merged.
 */
import { MatchError } from "./errors.ts";
import type { HammingIndex, Hit } from "./hamming-index.ts";
import { assertHash, HASH_BYTES } from "./hash.ts";
import { assertBulk, assertId, assertRadius, createScanIndex, restoreScanIndex } from "./scan-index.ts";
import { readSnapshot, snapshotCount, writeSnapshot } from "./snapshot.ts";
import { readBatch } from "./votes.ts";
import { kernelAvailable } from "./ring/kernel.ts";
import { createLevels } from "./ring/levels.ts";
import { readBulk } from "./ring/bulk.ts";
import { permutation } from "./ring/permutation.ts";
import { countVotes } from "./ring/ring-votes.ts";
import { isDead, ROW_WORDS, search, type Segment } from "./ring/segment.ts";

/**
 * Fewer entries than this, or than this share of what is held, are added one by one. A bulk has to end the merges that
 * run, which may be large: a page of the feed must not wait for that, a first load may.
 */
const MIN_BULK = 512;
const MIN_BULK_SHARE = 1 / 8;
/** Entries taken in at once, so that with all smaller segments they fit one. */
const MAX_BULK = 16_000_000;

/** An empty index. */
export const createRingIndex = (): HammingIndex => {
  if (!kernelAvailable()) return createScanIndex();
  const levels = createLevels();
  const permuted = permutation();
  const row = new Uint8Array(HASH_BYTES);
  const rowWords = new Int32Array(row.buffer);

  const isHeld = (id: number): boolean =>
    levels.segments().some((segment) => {
      segment.queries.set(row);
      return segment.kernel.holds(id) === 1;
    });

  const addRow = (id: number, hash: Uint8Array): void => {
    permuted.apply(hash, row);
    if (isHeld(id)) return;
    const delta = levels.delta();
    delta.ids[delta.count] = id;
    delta.rows.set(rowWords, delta.count * ROW_WORDS);
    delta.count += 1;
    delta.living += 1;
    delta.kernel.setCount(delta.count);
    levels.added();
  };

  return {
    get size() {
      return levels.size;
    },
    add(id, hash) {
      assertId(id);
      assertHash(hash, "hash");
      addRow(id, hash);
    },
    addMany(ids, hashes) {
      assertBulk(ids, hashes);
      for (let from = 0; from < ids.length; from += MAX_BULK) {
        const some = ids.subarray(from, from + MAX_BULK);
        const bytes = hashes.subarray(from * HASH_BYTES, (from + some.length) * HASH_BYTES);
        if (some.length < Math.max(MIN_BULK, levels.size * MIN_BULK_SHARE)) {
          some.forEach((id, entry) => addRow(id, bytes.subarray(entry * HASH_BYTES, (entry + 1) * HASH_BYTES)));
          continue;
        }
        const rows = new Int32Array(some.length * ROW_WORDS);
        permuted.apply(bytes, new Uint8Array(rows.buffer));
        const isEmpty = levels.segments().length === 0;
        levels.absorb(
          readBulk(some, rows, (id, slot) => {
            if (isEmpty) return false;
            rowWords.set(rows.subarray(slot * ROW_WORDS, (slot + 1) * ROW_WORDS));
            return isHeld(id);
          }),
        );
      }
    },
    remove(id) {
      assertId(id);
      return levels.remove(id);
    },
    query(hash, radiusBits) {
      assertHash(hash, "hash");
      assertRadius(radiusBits);
      permuted.apply(hash, row);
      const hits: Hit[] = [];
      for (const segment of levels.segments()) {
        segment.queries.set(row);
        for (const { slot, distanceBits } of search(segment, 1, radiusBits)) {
          hits.push({ id: segment.ids[slot]!, distanceBits });
        }
      }
      return hits.sort((a, b) => a.distanceBits - b.distanceBits || a.id - b.id);
    },
    queryVotes(hashes, radiusBits, options = {}) {
      assertRadius(radiusBits);
      const batch = readBatch(hashes);
      const rows = new Uint8Array(batch.hashes.length);
      permuted.apply(batch.hashes, rows);
      const segments = levels.segments();
      for (const segment of segments) segment.queries.set(rows);
      return countVotes(segments, batch, radiusBits, options);
    },
    snapshot() {
      const living = livingRows(levels.segments());
      let segment: Segment | undefined;
      let slot = 0;
      return writeSnapshot(
        levels.size,
        () => {
          // Entries are written in turn, so this walks along.
          const { value } = living.next();
          if (value !== undefined) [segment, slot] = value;
          return segment?.ids[slot] ?? 0;
        },
        (_entry, into) => {
          if (segment === undefined) return;
          rowWords.set(segment.rows.subarray(slot * ROW_WORDS, (slot + 1) * ROW_WORDS));
          permuted.undo(row, into);
        },
      );
    },
  };
};

/** Oldest first, so that an id's hashes keep their order. */
function* livingRows(segments: readonly Segment[]): Generator<readonly [Segment, number], undefined> {
  for (const segment of segments) {
    for (let slot = 0; slot < segment.count; slot += 1) if (!isDead(segment, slot)) yield [segment, slot];
  }
  return undefined;
}

/** The index a snapshot was taken of. Throws MatchError when the bytes are not a whole, undamaged snapshot. */
export const restoreRingIndex = (bytes: Uint8Array): HammingIndex => {
  if (!kernelAvailable()) return restoreScanIndex(bytes);
  const index = createRingIndex();
  let ids = new Uint32Array(0);
  let hashes = new Uint8Array(0);
  let entry = 0;
  readSnapshot(bytes, (id, hash) => {
    if (entry === 0) {
      ids = new Uint32Array(snapshotCount(bytes));
      hashes = new Uint8Array(ids.length * HASH_BYTES);
    }
    ids[entry] = id;
    hashes.set(hash, entry * HASH_BYTES);
    entry += 1;
  });
  index.addMany(ids, hashes);
  if (index.size !== entry) throw new MatchError("snapshot_content");
  return index;
};
