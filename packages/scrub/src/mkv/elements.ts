/** The elements of a Matroska file (RFC 8794), one after the other, as the parts of the parser ask for them. */
import { damaged, doubtful } from "../core/refuse.ts";
import type { Window } from "../core/window.ts";
import { type Element, type Head, MAX_HEAD_BYTES, readHead } from "./ebml.ts";

/** Three for each block there may be. */
const MAX_ELEMENTS = 12_000_000;

/** An element; open if its size is not told. */
export type OpenElement = Element & { readonly isOpen: boolean };

/** Reads the elements of a file one after the other, and counts them. */
export class ElementReader {
  readonly window: Window;
  readonly #check: () => void;
  #count = 0;

  constructor(window: Window, check: () => void) {
    this.window = window;
    this.#check = check;
  }

  /** The element at `at`, which ends by `limit`; null if the file is cut off within it and `limit` is its end. */
  async next(at: number, limit: number): Promise<OpenElement | null> {
    const now = this.nextNow(at, limit);
    if (now !== undefined) return now;
    return this.#element(readHead(await this.window.peek(at, Math.min(MAX_HEAD_BYTES, limit - at))), at, limit);
  }

  /** As `next`; undefined if it is not in memory. Every element is asked for by this first. */
  nextNow(at: number, limit: number): OpenElement | null | undefined {
    const place = this.window.placeNow(at, MAX_HEAD_BYTES);
    return place < 0 ? undefined : this.#element(readHead(this.window.blockNow, place), at, limit);
  }

  #element(read: Head | null, at: number, limit: number): OpenElement | null {
    this.#count += 1;
    if (this.#count > MAX_ELEMENTS) throw doubtful("the file has too many elements");
    if (this.#count % 1024 === 0) this.#check();
    const head = read === null || read.headBytes > limit - at ? null : read;
    const isLast = limit === this.window.sizeBytes;
    if (head === null) {
      if (isLast) return null;
      throw damaged("an element is cut off");
    }
    const body = at + head.headBytes;
    if (head.sizeBytes === null) return { id: head.id, at, body, end: limit, isOpen: true };
    const end = body + head.sizeBytes;
    if (end > limit) {
      if (isLast) return null;
      throw damaged("an element is longer than what it stands in");
    }
    return { id: head.id, at, body, end, isOpen: false };
  }

  /** All of a small element's content; a copy. */
  take({ body, end }: Element, most: number): Promise<Uint8Array> {
    if (end - body > most) throw doubtful("an element is too large");
    return this.window.take(body, end - body);
  }
}

/** Whether all of an element's content is zero. */
export const isEmpty = async (window: Window, { body, end }: Element): Promise<boolean> => {
  for (let at = body; at < end;) {
    const part = (await window.block(at)).subarray(0, end - at);
    if (part.length === 0 || part.some((byte) => byte !== 0)) return false;
    at += part.length;
  }
  return true;
};
