/** Asking several segments, in the thread that writes and in those that only read. */
import type { HammingIndex, Hit } from "../hamming-index.ts";
import { assertHash, HASH_BYTES } from "../hash.ts";
import { assertRadius } from "../scan-index.ts";
import { readBatch } from "../votes.ts";
import { permutation } from "./permutation.ts";
import { countVotes } from "./ring-votes.ts";
import { search, type Segment } from "./segment.ts";

/** So many hits are sorted by counting: where everything is near, sorting would take longer than searching. */
const MANY_HITS = 256;

const byDistance = (a: Hit, b: Hit): number => a.distanceBits - b.distanceBits || a.id - b.id;

/** By distance, then id. In a segment with tables rows lie in order of id, so mostly the hits of a distance do too. */
const sortHits = (hits: Hit[]): Hit[] => {
  if (hits.length < MANY_HITS) return hits.sort(byDistance);
  const groups: (Hit[] | undefined)[] = [];
  for (const hit of hits) {
    const group = groups[hit.distanceBits];
    if (group === undefined) groups[hit.distanceBits] = [hit];
    else group.push(hit);
  }
  let at = 0;
  for (const group of groups) {
    if (group === undefined) continue;
    const isInOrder = group.every((hit, number) => number === 0 || group[number - 1]!.id <= hit.id);
    for (const hit of isInOrder ? group : group.sort(byDistance)) {
      hits[at] = hit;
      at += 1;
    }
  }
  return hits;
};

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
      return sortHits(hits);
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
