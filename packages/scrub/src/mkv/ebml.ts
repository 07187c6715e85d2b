/**
 * EBML (RFC 8794): identifiers, sizes and numbers, read and written. Numbers are written as short as they can be, so that
 * the same file comes out of the same content.
 */
import { ascii, join } from "../core/bytes.ts";
import { damaged, doubtful } from "../core/refuse.ts";

/** An identifier has up to 4 bytes, a size up to 8 (section 11.2.4). */
export const MAX_HEAD_BYTES = 12;

/** More children than any honest element that is read whole has. */
const MAX_CHILDREN = 200_000;

export interface Head {
  /** With the bits that tell its length, as specifications write it. */
  readonly id: number;
  readonly headBytes: number;
  /** Of the content; null where it is not told (section 6.2). */
  readonly sizeBytes: number | null;
}

/** An element whose content lies from `body` to `end`. */
export interface Element {
  readonly id: number;
  readonly at: number;
  readonly body: number;
  readonly end: number;
}

/** Bytes of a number of variable length, by its first byte (section 4); 0 if it is none. */
const lengthOf = (first: number): number => (first === 0 ? 0 : Math.clz32(first) - 23);

/** A number of variable length without its marker; null where it is cut off. `isUnknown`: all its bits are set. */
export const readVint = (
  bytes: Uint8Array,
  at: number,
): { readonly value: number; readonly length: number; readonly isUnknown: boolean } | null => {
  const first = bytes[at];
  if (first === undefined) return null;
  const length = lengthOf(first);
  if (length === 0) throw damaged("a number of an element is wrong");
  if (at + length > bytes.length) return null;
  const mask = 0xff >> length;
  let value = first & mask;
  let isUnknown = value === mask;
  for (let i = 1; i < length; i += 1) {
    const byte = bytes[at + i] ?? 0;
    value = value * 256 + byte;
    isUnknown &&= byte === 0xff;
  }
  return { value, length, isUnknown };
};

/** Identifier and size; null where they are cut off. Sizes beyond 2^53 are larger than any file, and not exact. */
export const readHead = (bytes: Uint8Array, at = 0): Head | null => {
  const first = bytes[at];
  if (first === undefined) return null;
  const idBytes = lengthOf(first);
  if (idBytes === 0 || idBytes > 4) throw damaged("an element has no identifier");
  if (at + idBytes > bytes.length) return null;
  let id = 0;
  for (let i = 0; i < idBytes; i += 1) id = id * 256 + (bytes[at + i] ?? 0);
  const size = readVint(bytes, at + idBytes);
  if (size === null) return null;
  return { id, headBytes: idBytes + size.length, sizeBytes: size.isUnknown ? null : size.value };
};

/** The children of an element in memory. Throws `scrub_damaged` if they do not fit into it. */
export const elementsIn = (bytes: Uint8Array, from: number, to: number): readonly Element[] => {
  const elements: Element[] = [];
  const within = bytes.subarray(0, to);
  for (let at = from; at < to;) {
    if (elements.length >= MAX_CHILDREN) throw doubtful("the file has too many elements");
    const head = readHead(within, at);
    if (head === null || head.sizeBytes === null) throw damaged("an element is cut off");
    const body = at + head.headBytes;
    const end = body + head.sizeBytes;
    if (end > to) throw damaged("an element is longer than what it stands in");
    elements.push({ id: head.id, at, body, end });
    at = end;
  }
  return elements;
};

/** The only element of its kind; two of them contradict each other. */
export const onlyElement = (elements: readonly Element[], id: number): Element | undefined => {
  const [first, second] = elements.filter((one) => one.id === id);
  if (second !== undefined) throw doubtful("an element stands twice where one belongs");
  return first;
};

/** An unsigned number (section 7.2); empty is 0. */
export const readUint = (bytes: Uint8Array, { body, end }: Element): number => {
  if (end - body > 8) throw damaged("a number is too long");
  let value = 0;
  for (let at = body; at < end; at += 1) value = value * 256 + (bytes[at] ?? 0);
  if (value > Number.MAX_SAFE_INTEGER) throw damaged("a number is too large");
  return value;
};

/** A signed number (section 7.1). */
export const readInt = (bytes: Uint8Array, { body, end }: Element): number => {
  const length = end - body;
  if (length > 8) throw damaged("a number is too long");
  if (length === 0) return 0;
  let value = ((bytes[body] ?? 0) << 24) >> 24;
  for (let at = body + 1; at < end; at += 1) value = value * 256 + (bytes[at] ?? 0);
  if (!Number.isSafeInteger(value)) throw damaged("a number is too large");
  return value;
};

/** A floating-point number of 4 or 8 bytes (section 7.3); empty is 0. */
export const readFloat = (bytes: Uint8Array, { body, end }: Element): number => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (end === body) return 0;
  if (end - body === 4) return view.getFloat32(body);
  if (end - body === 8) return view.getFloat64(body);
  throw damaged("a number has a wrong length");
};

/** ASCII or UTF-8 without the zeros that may fill it up (sections 7.4, 7.5). */
export const contentOf = (bytes: Uint8Array, { body, end }: Element): Uint8Array => bytes.subarray(body, end);

export const idBytes = (id: number): Uint8Array => {
  const count = Math.ceil((32 - Math.clz32(id)) / 8);
  const bytes = new Uint8Array(count);
  for (let i = 0; i < count; i += 1) bytes[i] = id >>> (8 * (count - 1 - i));
  return bytes;
};

/** A size or number of variable length in `length` bytes, or as few as it fits into. */
export const vint = (value: number, length = 0): Uint8Array => {
  const count = length === 0 ? vintBytes(value) : length;
  const bytes = new Uint8Array(count);
  let rest = value;
  for (let i = count - 1; i >= 0; i -= 1) {
    bytes[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes[0] = (bytes[0] ?? 0) | (0x80 >> (count - 1));
  return bytes;
};

/** Bytes before something, put together in memory that is used again and again. */
export class HeadWriter {
  readonly #room = new Uint8Array(64);
  #length = 0;

  /** What was written since the last `begin`. A view. */
  get bytes(): Uint8Array {
    return this.#room.subarray(0, this.#length);
  }

  begin(): this {
    this.#length = 0;
    return this;
  }

  byte(value: number): this {
    this.#room[this.#length] = value;
    this.#length += 1;
    return this;
  }

  /** As `idBytes`. */
  id(id: number): this {
    for (let shift = 24; shift >= 0; shift -= 8) if (id >>> shift !== 0) this.byte(id >>> shift);
    return this;
  }

  /** As `vint`, in as few bytes as it fits into. */
  vint(value: number): this {
    const count = vintBytes(value);
    const at = this.#length;
    let rest = value;
    for (let i = count - 1; i >= 0; i -= 1) {
      this.#room[at + i] = rest % 256;
      rest = Math.floor(rest / 256);
    }
    this.#room[at] = (this.#room[at] ?? 0) | (0x80 >> (count - 1));
    this.#length += count;
    return this;
  }
}

/** How many bytes a size or number of variable length takes at least. */
export const vintBytes = (value: number): number => {
  let count = 1;
  while (value >= 2 ** (7 * count) - 1) count += 1;
  return count;
};

/** Identifier and size of an element whose content has so many bytes. */
export const headOf = (id: number, sizeBytes: number): Uint8Array => join(idBytes(id), vint(sizeBytes));

export const element = (id: number, ...parts: readonly Uint8Array[]): Uint8Array => {
  const body = join(...parts);
  return join(headOf(id, body.length), body);
};

const bigEndian = (value: number, count: number): Uint8Array => {
  const bytes = new Uint8Array(count);
  let rest = value;
  for (let i = count - 1; i >= 0; i -= 1) {
    bytes[i] = ((rest % 256) + 256) % 256;
    rest = Math.floor(rest / 256);
  }
  return bytes;
};

/** In `count` bytes, or as few as it fits into, at least one. */
export const uintElement = (id: number, value: number, count = 0): Uint8Array => {
  let length = Math.max(1, count);
  while (count === 0 && value >= 256 ** length) length += 1;
  return element(id, bigEndian(value, length));
};

export const intElement = (id: number, value: number): Uint8Array => {
  let length = 1;
  while (value < -(2 ** (8 * length - 1)) || value >= 2 ** (8 * length - 1)) length += 1;
  return element(id, bigEndian(value, length));
};

/** In 4 bytes where that is exact. */
export const floatElement = (id: number, value: number): Uint8Array => {
  const narrow = Math.fround(value) === value;
  const bytes = new Uint8Array(narrow ? 4 : 8);
  const view = new DataView(bytes.buffer);
  if (narrow) view.setFloat32(0, value);
  else view.setFloat64(0, value);
  return element(id, bytes);
};

export const textElement = (id: number, text: string): Uint8Array => element(id, ascii(text));
