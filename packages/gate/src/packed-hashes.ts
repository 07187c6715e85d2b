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
  /**
   * Must come before the index is asked or anything is removed from it. Throws what the index throws when it is full,
   * with nothing lost: it may be called again.
   */
  flush(): void;
}

/** At 36 bytes each about 10 MB wait at most, whatever a page of the feed holds; beyond two million entries, a share. */
const MAX_PENDING = 262_144;
/** The ring index takes in what is less than an eighth of it one by one, which takes ten times as long. */
const MAX_PENDING_SHARE = 1 / 8;

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
    // Where this throws, everything goes on waiting: the index passes over what it has taken in when it is offered again.
    index.addMany(ids, all);
    pending = [];
    count = 0;
  };
  return {
    add(id, hashes) {
      if (hashes.length === 0) return;
      pending.push({ id, hashes });
      count += hashes.length / HASH_BYTES;
      if (count >= MAX_PENDING && count >= index.size * MAX_PENDING_SHARE) flush();
    },
    flush,
  };
};
