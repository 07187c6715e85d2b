/**
 * Quantisation, Huffman and arithmetic tables (ITU-T T.81, B.2.4). A table can be sent at any time, used or not, and
 * again and again: only those that a scan uses, as they are at that scan, are written.
 */
import { be16, join, sameBytes, u16be } from "../core/bytes.ts";
import { damaged, doubtful } from "../core/refuse.ts";
import { DAC, DHT, DQT, DRI } from "./markers.ts";

/** 0xFF, marker, length, body. */
export const segment = (marker: number, ...body: readonly Uint8Array[]): Uint8Array => {
  const joined = join(...body);
  return join(Uint8Array.of(0xff, marker), be16(joined.length + 2), joined);
};

/**
 * Throws where a Huffman table has two codes for one value: no encoder makes that, and text does. (The rest of such a
 * table is never used, and would come along with what is.)
 */
const refuseTwice = (table: Uint8Array): void => {
  // Behind marker, length, class and number, and sixteen counts.
  const values = table.subarray(21);
  if (new Set(values).size < values.length) throw doubtful("a Huffman table has two codes for one value");
};

interface Slot {
  readonly pending: Uint8Array;
  written: Uint8Array | null;
}

/** The tables in force. Keys: `q0` to `q3`, `h00` to `h13` (class, number), `a00` to `a1F`, `r`. */
export class Tables {
  readonly #slots = new Map<string, Slot>();
  /** Definitions that were never used, or overwritten before they were. */
  unused = 0;

  #set(key: string, segmentBytes: Uint8Array): void {
    const slot = this.#slots.get(key);
    const written = slot?.written ?? null;
    if (slot !== undefined && (written === null || !sameBytes(written, slot.pending))) this.unused += 1;
    this.#slots.set(key, { pending: segmentBytes.slice(), written });
  }

  /** The segment that brings the table in force, or none if that was written already or there is no such table. */
  use(key: string): readonly Uint8Array[] {
    const slot = this.#slots.get(key);
    if (slot === undefined || (slot.written !== null && sameBytes(slot.written, slot.pending))) return [];
    if (key.startsWith("h")) refuseTwice(slot.pending);
    slot.written = slot.pending;
    return [slot.pending];
  }

  /** Counts tables that are still unused at the end. */
  finish(): void {
    for (const { pending, written } of this.#slots.values())
      if (written === null || !sameBytes(written, pending)) this.unused += 1;
  }

  /** DQT, B.2.4.1. */
  readQuantisation(body: Uint8Array): void {
    for (let at = 0; at < body.length;) {
      const head = body[at] ?? 0;
      const size = 1 + 64 * ((head >> 4) + 1);
      if (head >> 4 > 1 || (head & 15) > 3 || at + size > body.length) throw damaged("a quantisation table is wrong");
      this.#set(`q${head & 15}`, segment(DQT, body.subarray(at, at + size)));
      at += size;
    }
  }

  /** DHT, B.2.4.2. */
  readHuffman(body: Uint8Array): void {
    for (let at = 0; at < body.length;) {
      const head = body[at] ?? 0;
      let symbols = 0;
      for (let i = 1; i <= 16; i += 1) symbols += body[at + i] ?? 0;
      const size = 17 + symbols;
      if (head >> 4 > 1 || (head & 15) > 3 || symbols > 256 || at + size > body.length) {
        throw damaged("a Huffman table is wrong");
      }
      this.#set(`h${head >> 4}${head & 15}`, segment(DHT, body.subarray(at, at + size)));
      at += size;
    }
  }

  /** DAC, B.2.4.3. */
  readArithmetic(body: Uint8Array): void {
    if (body.length % 2 !== 0) throw damaged("the arithmetic conditioning is wrong");
    for (let at = 0; at < body.length; at += 2) {
      const head = body[at] ?? 0;
      if (head >> 4 > 1) throw damaged("the arithmetic conditioning is wrong");
      this.#set(`a${head >> 4}${head & 15}`, segment(DAC, body.subarray(at, at + 2)));
    }
  }

  /** DRI, B.2.4.4. An interval of 0, where none was set, says nothing. */
  readRestartInterval(body: Uint8Array): void {
    if (body.length !== 2) throw damaged("the restart interval is wrong");
    if (u16be(body, 0) === 0 && !this.#slots.has("r")) return;
    this.#set("r", segment(DRI, body));
  }
}
