/** Many rows at once, made ready for a merge: in order of id, and what is there already marked dead. */
import { orderById, type Source } from "./merge.ts";
import { ROW_WORDS } from "./segment.ts";

/** Hashes of one id that are compared each with each; more of them go through a set. */
const FEW = 64;

/** `isHeld` tells whether the row in this slot is in the index already. */
export const readBulk = (ids: Uint32Array, rows: Int32Array, isHeld: (id: number, slot: number) => boolean): Source => {
  const order = orderById(ids, ids.length);
  const dead = new Uint8Array(ids.length);
  let living = 0;
  const slotAt = (position: number): number => order?.[position] ?? position;

  const isSame = (a: number, b: number): boolean => {
    for (let word = 0; word < ROW_WORDS; word += 1) {
      if (rows[a * ROW_WORDS + word] !== rows[b * ROW_WORDS + word]) return false;
    }
    return true;
  };

  let end = 0;
  for (let start = 0; start < ids.length; start = end) {
    const id = ids[slotAt(start)]!;
    for (end = start + 1; end < ids.length && ids[slotAt(end)] === id;) end += 1;
    const known = end - start > FEW ? new Set<string>() : undefined;
    for (let position = start; position < end; position += 1) {
      const slot = slotAt(position);
      let isRepeated = false;
      if (known === undefined) {
        for (let other = start; other < position && !isRepeated; other += 1) isRepeated = isSame(slotAt(other), slot);
      } else {
        const text = rows.subarray(slot * ROW_WORDS, (slot + 1) * ROW_WORDS).join();
        isRepeated = known.has(text);
        known.add(text);
      }
      if (isRepeated || isHeld(id, slot)) dead[slot] = 1;
      else living += 1;
    }
  }
  return { ids, rows, count: ids.length, living, order, isDead: (slot) => dead[slot] === 1 };
};
