/** The column scan without WebAssembly: each row against each query, byte by byte. Slow, and the measure of truth. */
import { countBits } from "../hash.ts";

/** What is asked for; see `ColumnQuestion`. */
export interface PlainQuestion {
  readonly queries: Uint8Array;
  readonly hashBytes: 16 | 32;
  readonly radiusBits: number;
  readonly groups?: Uint32Array | undefined;
}

const COLUMN_BYTES = 16;

/** As `ColumnScan.find`. */
export const findPlainly = (
  question: PlainQuestion,
  first: Uint8Array,
  rest: Uint8Array | undefined,
  onHit: (row: number, query: number, distanceBits: number) => void,
): void => {
  const { queries, hashBytes, radiusBits, groups } = question;
  const isGrouped = groups !== undefined && (hashBytes === 16 || rest !== undefined);
  const total = first.length / COLUMN_BYTES;
  const count = queries.length / hashBytes;
  const distance = (row: number, query: number): number => {
    let sum = 0;
    for (let byte = 0; byte < COLUMN_BYTES && sum <= radiusBits; byte += 1) {
      sum += countBits((first[row * COLUMN_BYTES + byte] ?? 0) ^ (queries[query * hashBytes + byte] ?? 0));
    }
    for (let byte = 0; rest !== undefined && byte < COLUMN_BYTES && sum <= radiusBits; byte += 1) {
      const at = query * hashBytes + COLUMN_BYTES + byte;
      sum += countBits((rest[row * COLUMN_BYTES + byte] ?? 0) ^ (queries[at] ?? 0));
    }
    return sum;
  };
  for (let row = 0; row < total; row += 1) {
    /** The nearest query of each group, and how near. */
    const nearest = new Map<number, readonly [query: number, distanceBits: number]>();
    for (let query = 0; query < count; query += 1) {
      const distanceBits = distance(row, query);
      if (distanceBits > radiusBits) continue;
      const group = isGrouped ? (groups[query] ?? query) : query;
      const known = nearest.get(group);
      if (known === undefined || distanceBits < known[1]) nearest.set(group, [query, distanceBits]);
    }
    for (const [query, distanceBits] of nearest.values()) onHit(row, query, distanceBits);
  }
};
