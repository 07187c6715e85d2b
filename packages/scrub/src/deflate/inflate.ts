/**
 * Inflating (RFC 1951, zlib frame RFC 1950) piece by piece, bounded by what the caller expects: where a stream ends is
 * as important here as what is in it, because behind its end anything may hide.
 */
import {
  Broken,
  type Code,
  type Codes,
  DISTANCE_BASE,
  DISTANCE_EXTRA,
  FAST_MASK,
  fixedCodes,
  LENGTH_BASE,
  LENGTH_EXTRA,
  MAX_CODE_BITS,
  NO_CODE,
  readCodes,
  slowEntry,
} from "./codes.ts";

/** With so many bytes at hand, a whole code finds its bits (15 + 5 + 15 + 13) and room for four read ahead. */
const SURE_BYTES = 12;
/** So many sums stay below 2^53 by far. */
const SUMMED_BYTES = 1 << 14;

/** Asks for input. */
class More extends Error {}
const more = new More();
const NO_CODES: Codes = { literals: NO_CODE, distances: NO_CODE };

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
  #codes: Codes = NO_CODES;

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

  #symbol(code: Code): number {
    for (;;) {
      let entry = code.fast[this.#bits & FAST_MASK] ?? 0;
      if (entry === 0) entry = slowEntry(code, this.#bits, this.#bitCount);
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
        if (this.#at + SURE_BYTES <= this.#input.length) this.#manyCodes();
        else this.#oneCode();
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
      this.#codes = fixedCodes();
      this.#phase = "codes";
    } else {
      this.#codes = readCodes(
        (count) => this.#take(count),
        (code) => this.#symbol(code),
      );
      this.#phase = "codes";
    }
    this.#last = (head & 1) === 1;
  }

  /**
   * Codes as long as a whole one is at hand for sure, or up to the end of the block: what `#oneCode` does, with all that
   * changes in variables, which is several times as fast.
   */
  #manyCodes(): void {
    const input = this.#input;
    const { literals, distances } = this.#codes;
    const { fast: fastLiterals } = literals;
    const { fast: fastDistances } = distances;
    const kept = this.#kept;
    const limit = this.#limit;
    const sureEnd = input.length - SURE_BYTES;
    const from = this.outputBytes;
    let out = from;
    let at = this.#at;
    let bits = this.#bits;
    let bitCount = this.#bitCount;
    while (at <= sureEnd) {
      // A code of 15 bits and the 5 that a length may have.
      if (bitCount < 20) for (; bitCount <= 24; bitCount += 8) bits |= (input[at++] ?? 0) << bitCount;
      let entry = fastLiterals[bits & FAST_MASK] ?? 0;
      if (entry === 0) entry = slowEntry(literals, bits, bitCount);
      const symbol = entry & 511;
      if (entry === 0 || (symbol < 256 && out === limit)) this.#break(out);
      bits >>>= entry >> 9;
      bitCount -= entry >> 9;
      if (symbol < 256) {
        if (kept !== null) kept[out] = symbol;
        out += 1;
        continue;
      }
      if (symbol === 256) {
        this.#phase = this.#last ? "checksum" : "block";
        break;
      }
      const lengthExtra = LENGTH_EXTRA[symbol - 257];
      if (lengthExtra === undefined) return this.#break(out);
      const length = (LENGTH_BASE[symbol - 257] ?? 0) + (bits & ((1 << lengthExtra) - 1));
      bits >>>= lengthExtra;
      bitCount -= lengthExtra;
      for (; bitCount <= 24; bitCount += 8) bits |= (input[at++] ?? 0) << bitCount;
      let place = fastDistances[bits & FAST_MASK] ?? 0;
      if (place === 0) place = slowEntry(distances, bits, bitCount);
      const distanceExtra = DISTANCE_EXTRA[place & 511];
      if (place === 0 || distanceExtra === undefined) return this.#break(out);
      bits >>>= place >> 9;
      bitCount -= place >> 9;
      if (bitCount < distanceExtra) for (; bitCount <= 24; bitCount += 8) bits |= (input[at++] ?? 0) << bitCount;
      const distance = (DISTANCE_BASE[place & 511] ?? 0) + (bits & ((1 << distanceExtra) - 1));
      bits >>>= distanceExtra;
      bitCount -= distanceExtra;
      if (distance > out) this.#break(out);
      const end = Math.min(out + length, limit);
      // They may overlap, and then repeat what they have just written.
      if (kept !== null) for (let to = out; to < end; to += 1) kept[to] = kept[to - distance] ?? 0;
      if (end < out + length) this.#break(end);
      out = end;
    }
    this.outputBytes = out;
    this.#at = at;
    this.#bits = bits;
    this.#bitCount = bitCount;
    if (kept !== null) this.#sum(kept.subarray(from, out));
  }

  /** Ends with what came out so far. */
  #break(outputBytes: number): never {
    this.outputBytes = outputBytes;
    throw new Broken();
  }

  /** Goes on with the checksum (RFC 1950, 8.2). */
  #sum(bytes: Uint8Array): void {
    let [a, b] = [this.#adlerA, this.#adlerB];
    for (let at = 0; at < bytes.length;) {
      const end = Math.min(bytes.length, at + SUMMED_BYTES);
      for (; at < end; at += 1) {
        a += bytes[at] ?? 0;
        b += a;
      }
      a %= 65_521;
      b %= 65_521;
    }
    this.#adlerA = a;
    this.#adlerB = b;
  }

  #oneCode(): void {
    const symbol = this.#symbol(this.#codes.literals);
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
    const code = this.#symbol(this.#codes.distances);
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
