/** Asking several segments, in the thread that writes and in those that only read. */
import type { HammingIndex, Hit } from "../hamming-index.ts";
import { assertHash, HASH_BYTES } from "../hash.ts";
import { assertRadius } from "../scan-index.ts";
import { readBatch } from "../votes.ts";
import { permutation } from "./permutation.ts";
import { countVotes } from "./ring-votes.ts";
import { search, type Segment } from "./segment.ts";

/** The questions of an index; `segments` answers what is to be asked now, oldest first. */
export const createAsk = (segments: () => readonly Segment[]): Pick<HammingIndex, "query" | "queryVotes"> => {
  const permuted = permutation();
  const row = new Uint8Array(HASH_BYTES);
  return {
    query(hash, radiusBits) {
      assertHash(hash, "hash");
      assertRadius(radiusBits);
      const asked = segments();
      permuted.apply(hash, row);
      const hits: Hit[] = [];
      for (const segment of asked) {
        segment.queries.set(row);
        const found = search(segment, 1, radiusBits);
        while (found.next()) hits.push({ id: segment.ids[found.slot]!, distanceBits: found.distanceBits });
      }
      if (hits.length < 2) return hits;
      return hits.sort((a, b) => a.distanceBits - b.distanceBits || a.id - b.id);
    },
    queryVotes(hashes, radiusBits, options = {}) {
      assertRadius(radiusBits);
      const batch = readBatch(hashes);
      const asked = segments();
      const rows = new Uint8Array(batch.hashes.length);
      permuted.apply(batch.hashes, rows);
      for (const segment of asked) segment.queries.set(rows);
      return countVotes(asked, batch, radiusBits, options);
    },
  };
};
