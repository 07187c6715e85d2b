/** One part of a catalogue against the items of a batch. */
import { COLUMN_BYTES, type ColumnScan } from "@recourse/match";
import { type Columns, hashCountOf, numberAt } from "./columns.ts";
import type { NewFinding } from "./findings.ts";
import type { ItemQuestion } from "./questions.ts";

/** Findings that are handed over at once, unless fewer rows than `MIN_ROWS` have more. */
const MAX_FINDINGS = 50_000;
const MIN_ROWS = 64;

class TooMany extends Error {}

const scanRows = (
  scan: ColumnScan,
  asked: ItemQuestion,
  columns: Columns,
  partnerId: number,
  from: number,
  to: number,
): readonly NewFinding[] => {
  const findings: NewFinding[] = [];
  const near = columns.near.subarray(from * COLUMN_BYTES, to * COLUMN_BYTES);
  const rest = columns.rest.subarray(from * COLUMN_BYTES, to * COLUMN_BYTES);
  // Few queries are asked of the first column alone, and the rest of what is near there is looked at one by one.
  const isHalf = rest.length > 0 && asked.question.radiusBits > 0 && !scan.needsRest;
  scan.find(near, rest.length === 0 || isHalf ? undefined : rest, (row, query, bits) => {
    const distanceBits = isHalf
      ? scan.confirm(query, bits, rest.subarray(row * COLUMN_BYTES, (row + 1) * COLUMN_BYTES))
      : bits;
    if (distanceBits === undefined) return;
    if (findings.length >= MAX_FINDINGS && to - from > MIN_ROWS) throw new TooMany();
    const itemId = asked.itemIds[query];
    if (itemId === undefined) return;
    const contentNumber = numberAt(columns, from + row);
    findings.push({ partnerId, contentNumber, itemId, signalType: asked.type, distanceBits });
  });
  return findings;
};

/**
 * All findings in a part, in portions of bounded size whatever is found. `scan` was asked the question.
 * The same content and item may come more than once.
 */
export function* scanPart(
  scan: ColumnScan,
  asked: ItemQuestion,
  columns: Columns,
  partnerId: number,
): Generator<readonly NewFinding[], undefined> {
  const ranges: (readonly [from: number, to: number])[] = [[0, hashCountOf(columns)]];
  for (let range = ranges.pop(); range !== undefined; range = ranges.pop()) {
    const [from, to] = range;
    let findings: readonly NewFinding[];
    try {
      findings = scanRows(scan, asked, columns, partnerId, from, to);
    } catch (error) {
      if (!(error instanceof TooMany)) throw error;
      const middle = Math.floor((from + to) / 2);
      ranges.push([middle, to], [from, middle]);
      continue;
    }
    if (findings.length > 0) yield findings;
  }
  return undefined;
}
