/** Hashes one after the other in one array of bytes, as the index takes them in bulk. */
import type { HammingIndex } from "@recourse/match";

export const HASH_BYTES = 32;

/** Packs hashes of 64 hex digits each. */
export const packHashes = (values: readonly string[]): Uint8Array => {
  const packed = Buffer.alloc(values.length * HASH_BYTES);
  values.forEach((value, at) => packed.write(value, at * HASH_BYTES, "hex"));
  return packed;
};

/** Collects what many items add to an index and hands it over at once: much faster than one by one. */
export interface PendingHashes {
  add(id: number, hashes: Uint8Array): void;
  /** Must come before the index is asked or anything is removed from it. */
  flush(): void;
}

/** At 36 bytes each about 10 MB wait at most, whatever a page of the feed holds. */
const MAX_PENDING = 262_144;

export const createPendingHashes = (index: HammingIndex): PendingHashes => {
  let pending: { readonly id: number; readonly hashes: Uint8Array }[] = [];
  let count = 0;
  const flush = (): void => {
    if (count === 0) return;
    const ids = new Uint32Array(count);
    const all = new Uint8Array(count * HASH_BYTES);
    let at = 0;
    for (const { id, hashes } of pending) {
      const end = at + hashes.length / HASH_BYTES;
      ids.fill(id, at, end);
      all.set(hashes, at * HASH_BYTES);
      at = end;
    }
    pending = [];
    count = 0;
    index.addMany(ids, all);
  };
  return {
    add(id, hashes) {
      if (hashes.length === 0) return;
      pending.push({ id, hashes });
      count += hashes.length / HASH_BYTES;
      if (count >= MAX_PENDING) flush();
    },
    flush,
  };
};
