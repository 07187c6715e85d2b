/** Seeded damage to files: what transfers, editors and people who mean harm do to them. */

/** A generator of whole numbers below a limit; the same for the same seed. */
export type Random = (below: number) => number;

/** xorshift32; good enough to damage files with. */
export const seeded = (seed: number): Random => {
  let state = (seed ^ 0x9e37_79b9) >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return Math.floor((state / 2 ** 32) * below);
  };
};

/** Numbers that lengths and counts are often wrong about. */
const EDGES = [
  0, 1, 2, 3, 4, 7, 8, 0x7f, 0x80, 0xff, 0xfe, 0x7fff, 0x8000, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff,
];

const writeNumber = (bytes: Buffer, at: number, random: Random): void => {
  const value = EDGES[random(EDGES.length)] ?? 0;
  const kind = random(5);
  if (kind === 0 || at + 2 > bytes.length) bytes[at] = value & 255;
  else if (kind === 1 || at + 4 > bytes.length) bytes.writeUInt16BE(value & 0xffff, at);
  else if (kind === 2) bytes.writeUInt16LE(value & 0xffff, at);
  else if (kind === 3) bytes.writeUInt32BE(value, at);
  else bytes.writeUInt32LE(value, at);
};

const cut = (bytes: Buffer, random: Random): readonly [number, number] => {
  const from = random(bytes.length + 1);
  return [from, Math.min(bytes.length, from + random(random(4) === 0 ? bytes.length + 1 : 64))];
};

const once = (bytes: Buffer, other: Buffer, random: Random): Buffer => {
  if (bytes.length === 0) return bytes;
  // Most of what a parser reads stands at the beginning.
  const at = random(random(2) === 0 ? bytes.length : Math.min(bytes.length, 512));
  switch (random(8)) {
    case 0:
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
      return bytes;
    case 1:
      bytes[at] = random(256);
      return bytes;
    case 2:
    case 3:
      writeNumber(bytes, at, random);
      return bytes;
    case 4:
      return bytes.subarray(0, at);
    case 5: {
      const [from, to] = cut(bytes, random);
      return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
    }
    case 6: {
      const [from, to] = cut(bytes, random);
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(from, to), bytes.subarray(at)]);
    }
    default: {
      const [from, to] = cut(other, random);
      return Buffer.concat([bytes.subarray(0, at), other.subarray(from, to), bytes.subarray(at)]);
    }
  }
};

/** One to four damages to a copy of `bytes`; parts of `other` may be put into it. */
export const mutate = (bytes: Buffer, other: Buffer, random: Random): Buffer => {
  let changed = Buffer.from(bytes);
  for (let left = 1 + random(4); left > 0; left -= 1) changed = Buffer.from(once(changed, other, random));
  return changed;
};
