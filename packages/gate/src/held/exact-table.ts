/**
 * Which items hold an exact hash: numbers by value, in arrays rather than objects, for tens of millions of them (a Map
 * of JavaScript ends at 16.7 million entries).
 *
 * A value is known here by 64 bits of a keyed digest, so nobody who adds values can make them meet; what is found is a
 * hint, and whoever asks compares the value with the item's own. Items that are gone are not taken out at once: their
 * entries are dropped when they are come by, or when a part of the table has to grow.
 */
import { randomFillSync } from "node:crypto";

/** Parts grow one by one, so that no addition waits for all of it: a 256th of 20 million entries takes milliseconds. */
const SHARDS = 256;
const FIRST_SLOTS = 16;
/** No entry; entries are counted from 1. */
const NONE = 0;
/** Words of the longest value, and one for its length. */
const KEY_WORDS = 9;

export interface ExactTable {
  /** The value is `sizeBytes` (a multiple of 4, 32 at most) at this place. */
  add(bytes: Buffer, atBytes: number, sizeBytes: number, number: number): void;
  /** Numbers that were added with this value, the latest first, and are held; seldom one of another value. */
  holders(bytes: Buffer, atBytes: number, sizeBytes: number): Iterable<number>;
}

interface Shard {
  /** Two words a slot: the digest. */
  tags: Uint32Array;
  /** The first entry of a slot. A slot in use may have none. */
  heads: Uint32Array;
  used: number;
  /** By entry. */
  numbers: Uint32Array;
  next: Uint32Array;
  entries: number;
  /** Entries to be used again. */
  free: number;
}

const createShard = (expected: number): Shard => {
  let slots = FIRST_SLOTS;
  while (3 * slots * SHARDS < 5 * expected) slots *= 2;
  return {
    tags: new Uint32Array(2 * slots),
    heads: new Uint32Array(slots),
    used: 0,
    numbers: new Uint32Array(slots),
    next: new Uint32Array(slots),
    entries: 1,
    free: NONE,
  };
};

const doubled = (array: Uint32Array): Uint32Array<ArrayBuffer> => {
  const larger = new Uint32Array(2 * array.length);
  larger.set(array);
  return larger;
};

/** Warren, Hacker's Delight; the finisher of MurmurHash3. */
const mixed = (word: number): number => {
  let bits = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
};

/** With room for so many values; it grows beyond. */
export const createExactTable = (isHeld: (number: number) => boolean, expected = 0): ExactTable => {
  const keys = randomFillSync(new Uint32Array(2 * KEY_WORDS));
  const shards = Array.from({ length: SHARDS }, () => createShard(expected));
  let high = 0;
  let low = 0;

  /** Into `high` and `low`; `high` is never 0, which marks a free slot. */
  const digest = (bytes: Buffer, atBytes: number, sizeBytes: number): void => {
    let one = Math.imul(sizeBytes, keys[0]!);
    let other = Math.imul(sizeBytes, keys[1]!);
    for (let word = 0, at = atBytes; word < sizeBytes / 4; word += 1, at += 4) {
      const value = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
      one = Math.imul(mixed(one ^ value), keys[2 * word + 2]! | 1);
      other = Math.imul(mixed(other + value), keys[2 * word + 3]! | 1);
    }
    high = mixed(one) || 1;
    low = mixed(other);
  };

  /** The slot of the digest, or the free one where it would be. */
  const seek = ({ tags, heads }: Shard, ofHigh: number, ofLow: number): number => {
    const mask = heads.length - 1;
    let slot = ofLow & mask;
    while (tags[2 * slot] !== 0 && (tags[2 * slot] !== ofHigh || tags[2 * slot + 1] !== ofLow))
      slot = (slot + 1) & mask;
    return slot;
  };

  /** Drops the entries of items that are gone. Answers the first of those left. */
  const prune = (shard: Shard, head: number): number => {
    let first = head;
    let before = NONE;
    for (let entry = head; entry !== NONE;) {
      const after = shard.next[entry]!;
      if (isHeld(shard.numbers[entry]!)) before = entry;
      else {
        if (before === NONE) first = after;
        else shard.next[before] = after;
        shard.next[entry] = shard.free;
        shard.free = entry;
      }
      entry = after;
    }
    return first;
  };

  /** Makes room for a slot more, without the slots that nobody needs any more. */
  const growSlots = (shard: Shard): void => {
    const { tags, heads } = shard;
    for (let slot = 0; slot < heads.length; slot += 1) heads[slot] = prune(shard, heads[slot]!);
    const living = heads.reduce((sum, head) => sum + (head === NONE ? 0 : 1), 0);
    const size = 4 * living > heads.length ? 2 * heads.length : heads.length;
    shard.tags = new Uint32Array(2 * size);
    shard.heads = new Uint32Array(size);
    shard.used = living;
    for (let old = 0; old < heads.length; old += 1) {
      if (heads[old] === NONE) continue;
      const slot = seek(shard, tags[2 * old]!, tags[2 * old + 1]!);
      shard.tags[2 * slot] = tags[2 * old]!;
      shard.tags[2 * slot + 1] = tags[2 * old + 1]!;
      shard.heads[slot] = heads[old]!;
    }
  };

  const takeEntry = (shard: Shard): number => {
    if (shard.free !== NONE) {
      const entry = shard.free;
      shard.free = shard.next[entry]!;
      return entry;
    }
    if (shard.entries === shard.numbers.length) {
      shard.numbers = doubled(shard.numbers);
      shard.next = doubled(shard.next);
    }
    shard.entries += 1;
    return shard.entries - 1;
  };

  return {
    add(bytes, atBytes, sizeBytes, number) {
      digest(bytes, atBytes, sizeBytes);
      const shard = shards[high >>> 24]!;
      if (4 * (shard.used + 1) > 3 * shard.heads.length) growSlots(shard);
      const slot = seek(shard, high, low);
      if (shard.tags[2 * slot] === 0) {
        shard.tags[2 * slot] = high;
        shard.tags[2 * slot + 1] = low;
        shard.used += 1;
      }
      const entry = takeEntry(shard);
      shard.numbers[entry] = number;
      shard.next[entry] = shard.heads[slot]!;
      shard.heads[slot] = entry;
    },
    *holders(bytes, atBytes, sizeBytes) {
      digest(bytes, atBytes, sizeBytes);
      const shard = shards[high >>> 24]!;
      const slot = seek(shard, high, low);
      // Each entry of an item that is gone is come by once.
      shard.heads[slot] = prune(shard, shard.heads[slot]!);
      for (let entry = shard.heads[slot]!; entry !== NONE; entry = shard.next[entry]!) yield shard.numbers[entry]!;
    },
  };
};
