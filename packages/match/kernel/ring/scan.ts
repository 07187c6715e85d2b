/** Looking at every row, where tables would not help. */
import { NEVER, beginHits, far, hits, report, takeHits } from "./hits";
import { QUERIES, TO_SCAN, count, hitLimit, isDead, rows } from "./memory";

/** In the place of query and distance: no hit, but eight words of bits follow. */
const SUMMARY: u64 = 0xffff0000;

/** Instead of more hits of one row: SUMMARY as the query, then a bit for each query that hits. */
function summarise(slot: u32, queries: u32): void {
  if (isDead(slot)) return;
  const at = takeHits(9);
  store<u64>(at, (<u64>slot << 32) | SUMMARY);
  memory.fill(at + 8, 0, 64);
  for (let i: u32 = 0; i < queries; i++) {
    const query = load<u32>(TO_SCAN + (i << 2));
    if (far(rows + (<usize>slot << 5), QUERIES + (<usize>query << 5)) == NEVER) continue;
    const word = at + 8 + ((query >> 5) << 2);
    store<u32>(word, load<u32>(word) | (1 << (query & 31)));
  }
}

/** Scans for the queries in TO_SCAN from a slot on; answers the slot to go on from, less than the count when full. */
export function scanFor(queries: u32, from: u32, rowLimit: u32): u32 {
  let slot = from;
  if (queries == 1) {
    const query = load<u32>(TO_SCAN);
    const at = QUERIES + (<usize>query << 5);
    for (; slot < count && hits < hitLimit; slot++) {
      const distance = far(rows + (<usize>slot << 5), at);
      if (distance != NEVER) report(slot, query, distance);
    }
    return slot;
  }
  // A row brings at most `rowLimit` hits and a summary of 9 words.
  for (; slot < count && hitLimit - hits >= rowLimit + 9; slot++) {
    const row = rows + (<usize>slot << 5);
    const before = hits;
    for (let i: u32 = 0; i < queries; i++) {
      const query = load<u32>(TO_SCAN + (i << 2));
      const distance = far(row, QUERIES + (<usize>query << 5));
      if (distance == NEVER) continue;
      if (hits - before == rowLimit) {
        summarise(slot, queries);
        break;
      }
      report(slot, query, distance);
    }
  }
  return slot;
}

/** Looks at every row from a slot on, for any radius; hits come in order of slots. Answers like `scanFor`. */
export function scan(queries: u32, radiusBits: u32, from: u32, hitsOfRow: u32): u32 {
  beginHits(radiusBits);
  for (let query: u32 = 0; query < queries; query++) store<u32>(TO_SCAN + (query << 2), query);
  return scanFor(queries, from, hitsOfRow);
}
