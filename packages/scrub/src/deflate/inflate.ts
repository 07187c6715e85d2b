/**
 * Inflating (RFC 1951, zlib frame RFC 1950) piece by piece, bounded by what the caller expects: where a stream ends is
 * as important here as what is in it, because behind its end anything may hide.
 */

/** Order of code length codes (RFC 1951, 3.2.7). */
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const LENGTH_BASE = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
];
const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCE_BASE = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12_289, 16_385, 24_577,
];
const DISTANCE_EXTRA = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
];
const MAX_CODE_BITS = 15;
/** With so many bytes at hand, a whole step finds its bits: 15 + 5 + 15 + 13 are 6 bytes at most. */
const SURE_BYTES = 8;

/** Each of 32,768 bit patterns to length * 512 + symbol; 0 where no code fits. Null if the lengths make no code. */
const codeTable = (lengths: Uint8Array): Uint16Array | null => {
  const counts = new Uint16Array(MAX_CODE_BITS + 1);
  for (const length of lengths) counts[length] = (counts[length] ?? 0) + 1;
  counts[0] = 0;
  let left = 1;
  const next = new Uint16Array(MAX_CODE_BITS + 2);
  for (let bits = 1; bits <= MAX_CODE_BITS; bits += 1) {
    left = 2 * left - (counts[bits] ?? 0);
    if (left < 0) return null;
    next[bits + 1] = ((next[bits] ?? 0) + (counts[bits] ?? 0)) << 1;
  }
  const table = new Uint16Array(1 << MAX_CODE_BITS);
  for (const [symbol, length] of lengths.entries()) {
    if (length === 0) continue;
    const code = next[length] ?? 0;
    next[length] = code + 1;
    let turned = 0;
    for (let bit = 0; bit < length; bit += 1) if (((code >> bit) & 1) === 1) turned |= 1 << (length - 1 - bit);
    for (let pattern = turned; pattern < table.length; pattern += 1 << length) table[pattern] = (length << 9) | symbol;
  }
  return table;
};

let fixedTables: { readonly literals: Uint16Array; readonly distances: Uint16Array } | undefined;
const fixed = () => {
  if (fixedTables === undefined) {
    const lengths = new Uint8Array(288).fill(8, 0, 144).fill(9, 144, 256).fill(7, 256, 280).fill(8, 280);
    fixedTables = {
      literals: codeTable(lengths) ?? new Uint16Array(0),
      distances: codeTable(new Uint8Array(30).fill(5)) ?? new Uint16Array(0),
    };
  }
  return fixedTables;
};

/** The stream is not what RFC 1951 says; "more" asks for input. */
class Broken extends Error {}
class More extends Error {}
const more = new More();

/**
 * Inflates a zlib stream whose bytes come in pieces.
 */
export class Inflater {
  /** Bytes that came out so far. */
  outputBytes = 0;
  /** Bytes taken up to the end of the stream, its checksum included; only meaningful when `state` is "done". */
  inputBytes = 0;
  state: "open" | "done" | "broken" = "open";
  readonly #limit: number;
  readonly #kept: Uint8Array | null;
  #adlerA = 1;
  #adlerB = 0;
  #input: Uint8Array = new Uint8Array(0);
  #at = 0;
  #taken = 0;
  #bits = 0;
  #bitCount = 0;
  #phase: "head" | "block" | "stored" | "codes" | "checksum" = "head";
  #last = false;
  #stored = 0;
  #literals: Uint16Array = new Uint16Array(0);
  #distances: Uint16Array = new Uint16Array(0);

  /**
   * More output than `limitBytes` makes the stream "broken". With "keep", the output is kept and its checksum compared;
   * with "count" it is only counted, which is several times as fast.
   */
  constructor(limitBytes: number, mode: "keep" | "count") {
    this.#limit = limitBytes;
    this.#kept = mode === "keep" ? new Uint8Array(limitBytes) : null;
  }

  /** What was kept so far; aliased. */
  get output(): Uint8Array {
    return (this.#kept ?? new Uint8Array(0)).subarray(0, this.outputBytes);
  }

  /** Takes a piece; answers how many of its bytes belong to the stream (all, unless it ended). */
  push(piece: Uint8Array): number {
    if (this.state !== "open") return 0;
    if (piece.length === 0) return 0;
    const before = this.#input.length - this.#at;
    if (before > 0) {
      const joined = new Uint8Array(before + piece.length);
      joined.set(this.#input.subarray(this.#at));
      joined.set(piece, before);
      this.#input = joined;
    } else this.#input = piece;
    this.#taken -= before;
    this.#at = 0;
    this.#taken += before;
    try {
      this.#run();
    } catch (error) {
      if (error instanceof Broken) this.state = "broken";
      else if (error !== more) throw error;
      else {
        this.#taken += piece.length;
        // What is left over belongs to the caller's buffer, which may be used again.
        this.#input = this.#input.slice(this.#at);
        this.#at = 0;
        return piece.length;
      }
      return piece.length;
    }
    const unused = this.#input.length - this.#at;
    this.#taken += piece.length - unused;
    this.inputBytes = this.#taken;
    return piece.length - unused;
  }

  #need(count: number): void {
    while (this.#bitCount < count) {
      const byte = this.#input[this.#at];
      if (byte === undefined) throw more;
      this.#at += 1;
      this.#bits |= byte << this.#bitCount;
      this.#bitCount += 8;
    }
  }

  #take(count: number): number {
    this.#need(count);
    const value = this.#bits & ((1 << count) - 1);
    this.#bits >>>= count;
    this.#bitCount -= count;
    return value;
  }

  #symbol(table: Uint16Array): number {
    for (;;) {
      const entry = table[this.#bits & 0x7fff] ?? 0;
      const length = entry >> 9;
      if (length > 0 && length <= this.#bitCount) {
        this.#bits >>>= length;
        this.#bitCount -= length;
        return entry & 511;
      }
      if (this.#bitCount >= MAX_CODE_BITS) throw new Broken();
      this.#need(this.#bitCount + 1);
    }
  }

  #put(byte: number): void {
    const at = this.outputBytes;
    if (at >= this.#limit) throw new Broken();
    this.outputBytes = at + 1;
    if (this.#kept === null) return;
    this.#kept[at] = byte;
    this.#adlerA += byte;
    if (this.#adlerA >= 65_521) this.#adlerA -= 65_521;
    this.#adlerB += this.#adlerA;
    if (this.#adlerB >= 65_521) this.#adlerB -= 65_521;
  }

  #repeat(distance: number, length: number): void {
    if (distance > this.outputBytes || distance > 1 << 15) throw new Broken();
    if (this.#kept === null) {
      this.outputBytes += length;
      if (this.outputBytes > this.#limit) throw new Broken();
      return;
    }
    for (let i = 0; i < length; i += 1) this.#put(this.#kept[this.outputBytes - distance] ?? 0);
  }

  /** Runs until the end or until input is missing; then everything of an unfinished step is put back. */
  #run(): void {
    for (;;) {
      const at = this.#at;
      const bits = this.#bits;
      const bitCount = this.#bitCount;
      try {
        if (this.#step()) {
          this.state = "done";
          return;
        }
      } catch (error) {
        if (error === more) {
          this.#at = at;
          this.#bits = bits;
          this.#bitCount = bitCount;
        }
        throw error;
      }
    }
  }

  /** One header, block head, symbol or run; true at the end. Writes nothing before it has all its bits. */
  #step(): boolean {
    switch (this.#phase) {
      case "head": {
        const head = this.#take(16);
        const method = head & 255;
        // Deflate, a window of at most 32 KiB, no dictionary, and a check of the two bytes (RFC 1950, 2.2).
        if ((method & 15) !== 8 || method >> 4 > 7 || (head >> 8) & 32 || (method * 256 + (head >> 8)) % 31 !== 0) {
          throw new Broken();
        }
        this.#phase = "block";
        return false;
      }
      case "block":
        this.#blockHead();
        return false;
      case "stored": {
        if (this.#stored === 0) {
          this.#phase = this.#last ? "checksum" : "block";
          return false;
        }
        do {
          this.#put(this.#take(8));
          this.#stored -= 1;
        } while (this.#stored > 0 && this.#at + SURE_BYTES <= this.#input.length);
        return false;
      }
      case "codes":
        do this.#oneCode();
        while (this.#phase === "codes" && this.#at + SURE_BYTES <= this.#input.length);
        return false;
      case "checksum": {
        const rest = this.#bitCount & 7;
        // Bits left over before the checksum are filling; set ones would be a place to hide something in.
        if (this.#take(rest) !== 0) throw new Broken();
        const high = this.#take(8) * 256 + this.#take(8);
        const low = this.#take(8) * 256 + this.#take(8);
        if (this.#kept !== null && (high !== this.#adlerB || low !== this.#adlerA)) throw new Broken();
        // Whole bytes that were taken ahead are not part of the stream.
        this.#at -= this.#bitCount >> 3;
        this.#bits = 0;
        this.#bitCount = 0;
        return true;
      }
    }
  }

  #blockHead(): void {
    const head = this.#take(3);
    const kind = head >> 1;
    if (kind === 3) throw new Broken();
    if (kind === 0) {
      const rest = this.#bitCount & 7;
      if (this.#take(rest) !== 0) throw new Broken();
      const length = this.#take(16);
      if ((length ^ this.#take(16)) !== 0xffff) throw new Broken();
      this.#stored = length;
      this.#phase = "stored";
    } else if (kind === 1) {
      ({ literals: this.#literals, distances: this.#distances } = fixed());
      this.#phase = "codes";
    } else {
      this.#dynamicCodes();
      this.#phase = "codes";
    }
    this.#last = (head & 1) === 1;
  }

  #dynamicCodes(): void {
    const literalCount = this.#take(5) + 257;
    const distanceCount = this.#take(5) + 1;
    const lengthCount = this.#take(4) + 4;
    if (literalCount > 286 || distanceCount > 30) throw new Broken();
    const lengthLengths = new Uint8Array(19);
    for (let i = 0; i < lengthCount; i += 1) lengthLengths[ORDER[i] ?? 0] = this.#take(3);
    const lengthTable = codeTable(lengthLengths);
    if (lengthTable === null) throw new Broken();
    const lengths = new Uint8Array(literalCount + distanceCount);
    for (let i = 0; i < lengths.length;) {
      const symbol = this.#symbol(lengthTable);
      if (symbol < 16) {
        lengths[i] = symbol;
        i += 1;
        continue;
      }
      if (symbol === 16 && i === 0) throw new Broken();
      const value = symbol === 16 ? (lengths[i - 1] ?? 0) : 0;
      const repeat = symbol === 16 ? 3 + this.#take(2) : symbol === 17 ? 3 + this.#take(3) : 11 + this.#take(7);
      if (i + repeat > lengths.length) throw new Broken();
      lengths.fill(value, i, i + repeat);
      i += repeat;
    }
    const literals = codeTable(lengths.subarray(0, literalCount));
    const distances = codeTable(lengths.subarray(literalCount));
    if (literals === null || distances === null || lengths[256] === 0) throw new Broken();
    this.#literals = literals;
    this.#distances = distances;
  }

  #oneCode(): void {
    const symbol = this.#symbol(this.#literals);
    if (symbol < 256) {
      this.#put(symbol);
      return;
    }
    if (symbol === 256) {
      this.#phase = this.#last ? "checksum" : "block";
      return;
    }
    const lengthExtra = LENGTH_EXTRA[symbol - 257];
    if (lengthExtra === undefined) throw new Broken();
    const length = (LENGTH_BASE[symbol - 257] ?? 0) + this.#take(lengthExtra);
    const code = this.#symbol(this.#distances);
    const distanceExtra = DISTANCE_EXTRA[code];
    if (distanceExtra === undefined) throw new Broken();
    const distance = (DISTANCE_BASE[code] ?? 0) + this.#take(distanceExtra);
    this.#repeat(distance, length);
  }
}

/** All of a zlib stream in memory, or null if it is broken, unfinished or gives more than `limitBytes`. */
export const inflate = (bytes: Uint8Array, limitBytes: number): Uint8Array | null => {
  // The limit is what may come out, not what is taken before it does.
  let room = Math.min(limitBytes, Math.max(1 << 16, bytes.length * 8));
  for (;;) {
    const inflater = new Inflater(room, "keep");
    inflater.push(bytes);
    if (inflater.state === "done") return inflater.output;
    if (room >= limitBytes || inflater.outputBytes < room) return null;
    room = Math.min(limitBytes, room * 8);
  }
};
