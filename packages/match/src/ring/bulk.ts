/** Many rows at once, made ready for a merge: in order of id, and what is there already marked dead. */
import { orderById, type Source } from "./merge.ts";
import { ROW_WORDS } from "./segment.ts";

/** Hashes of one id that are compared each with each. */
const FEW = 8;
/** As many go through a table of their own; more through a set, whose order nobody outside can know. */
const MANY = 512;

/** Tells the hashes of one id apart that are there already; `begin` for each id. */
const createSeen = (rows: Int32Array) => {
  const isSame = (a: number, b: number): boolean => {
    for (let word = 0; word < ROW_WORDS; word += 1) {
      if (rows[a * ROW_WORDS + word] !== rows[b * ROW_WORDS + word]) return false;
    }
    return true;
  };
  const few = new Uint32Array(FEW);
  let count = 0;
  const seeFew = (slot: number): boolean => {
    for (let other = 0; other < count; other += 1) if (isSame(few[other]!, slot)) return true;
    few[count] = slot;
    count += 1;
    return false;
  };
  /** Slots from 1, 0 where there is none; the place is told by the first word, and what is there already is passed. */
  const places = new Uint32Array(2 * MANY);
  const seeSome = (slot: number): boolean => {
    const wanted = Math.imul(rows[slot * ROW_WORDS]! ^ rows[slot * ROW_WORDS + 5]!, 0x9e3779b1) >>> 22;
    for (let place = wanted; ; place = (place + 1) % places.length) {
      const there = places[place]!;
      if (there !== 0 && isSame(there - 1, slot)) return true;
      if (there !== 0) continue;
      places[place] = slot + 1;
      return false;
    }
  };
  let known = new Set<string>();
  const seeMany = (slot: number): boolean => {
    const text = rows.subarray(slot * ROW_WORDS, (slot + 1) * ROW_WORDS).join();
    if (known.has(text)) return true;
    known.add(text);
    return false;
  };
  return {
    /** Answers what is to be asked for each hash of the id in turn: true when it has come before. */
    begin(hashes: number): (slot: number) => boolean {
      count = 0;
      if (hashes <= FEW) return seeFew;
      if (hashes > MANY) {
        known = new Set();
        return seeMany;
      }
      places.fill(0);
      return seeSome;
    },
  };
};

/** `isHeld` tells whether the row in this slot is in the index already. */
export const readBulk = (ids: Uint32Array, rows: Int32Array, isHeld: (id: number, slot: number) => boolean): Source => {
  const order = orderById(ids, ids.length);
  const dead = new Uint8Array(ids.length);
  const seen = createSeen(rows);
  let living = 0;
  const slotAt = (position: number): number => order?.[position] ?? position;

  let end = 0;
  for (let start = 0; start < ids.length; start = end) {
    const id = ids[slotAt(start)]!;
    for (end = start + 1; end < ids.length && ids[slotAt(end)] === id;) end += 1;
    const isRepeated = seen.begin(end - start);
    for (let position = start; position < end; position += 1) {
      const slot = slotAt(position);
      if (isRepeated(slot) || isHeld(id, slot)) dead[slot] = 1;
      else living += 1;
    }
  }
  return { ids, rows, count: ids.length, living, order, isDead: (slot) => dead[slot] === 1 };
};
