/**
 * Columns in ClickHouse: each shard looks through its own rows for those that are near any of a batch's hashes in their
 * first 128 bits; those few come here, and the same kernel as everywhere tells which are within the radius in all.
 *
 * Nothing counts unless every row of a part is there: rows are counted before they are searched, against what the
 * database has written down of the part. Rows of a part are never changed, and rows that no transaction registered
 * (their writer was killed) are in no part, so they are neither found nor counted.
 */
import { type ColumnScan, createColumnScan } from "@recourse/match";
import type { FarColumnStore } from "../column-store.ts";
import { type Columns } from "../columns.ts";
import type { Part } from "../parts.ts";
import { scanPart } from "../scan-part.ts";
import type { ItemQuestion } from "../questions.ts";
import type { NewFinding } from "../findings.ts";
import { type ClickHouse, type ClickHouseAddress, connectClickHouse, INSERT_SECONDS } from "./connect.ts";
import { createRowCollector, isWhole, partAt, rowsOf, type RowCollector, wholeRecords } from "./rows.ts";
import {
  countRows,
  CREATE_TABLE,
  deleteRows,
  INSERT_ROWS,
  nearCondition,
  ROW_BYTES,
  selectNear,
  selectOldParts,
  selectRows,
  STATEMENT_QUERIES,
} from "./statements.ts";

/** Near rows that are confirmed together. */
const CONFIRMED_ROWS = 16_384;
/** A quarter of a billion: what a killed search repeats is then seconds of a cluster's work. */
const HASHES_PER_COMMIT = 268_435_456;
const COUNT_BYTES = 16;
const PART_BYTES = 8;

export const createClickHouseColumns = (
  address: ClickHouseAddress,
  scan: ColumnScan = createColumnScan(),
  clickHouse: ClickHouse = connectClickHouse(address),
): FarColumnStore => {
  const { cluster } = address;
  let isPrepared = false;

  /** On one server the table makes itself; on a cluster whoever runs it makes both (docs/clickhouse.md). */
  const prepare = async (): Promise<void> => {
    if (!isPrepared && cluster === undefined) await clickHouse.run(CREATE_TABLE);
    isPrepared = true;
  };

  /** Those parts of which all rows are there, and none more. */
  const wholeOf = async (parts: readonly Part[]): Promise<readonly Part[]> => {
    const counted = new Map<number, number>();
    for await (const records of wholeRecords(clickHouse.bytes(countRows(parts.map(({ id }) => id))), COUNT_BYTES)) {
      for (let at = 0; at < records.length; at += COUNT_BYTES) {
        counted.set(partAt(records, at), Number(records.readBigUInt64LE(at + PART_BYTES)));
      }
    }
    return parts.filter(({ id, hashes }) => counted.get(id) === hashes);
  };

  /** What the question finds among rows, each partner's by itself. */
  function* confirm(
    asked: ItemQuestion,
    collected: ReadonlyMap<number, RowCollector>,
  ): Generator<readonly NewFinding[]> {
    for (const [partnerId, rows] of collected) yield* scanPart(scan, asked, rows.columns(), partnerId);
  }

  const searchNear = async (
    parts: readonly Part[],
    condition: string,
    asked: ItemQuestion,
    onFindings: (findings: readonly NewFinding[]) => Promise<void>,
  ): Promise<void> => {
    const partnerOf = new Map(parts.map(({ id, partnerId }) => [id, partnerId]));
    let collected = new Map<number, RowCollector>();
    let rows = 0;
    const flush = async (): Promise<void> => {
      for (const some of confirm(asked, collected)) await onFindings(some);
      collected = new Map();
      rows = 0;
    };
    const query = selectNear([...partnerOf.keys()], condition);
    for await (const records of wholeRecords(clickHouse.bytes(query), ROW_BYTES)) {
      for (let at = 0; at < records.length; at += ROW_BYTES) {
        const partnerId = partnerOf.get(partAt(records, at));
        if (partnerId === undefined) continue;
        const into = collected.get(partnerId) ?? createRowCollector(asked.type, CONFIRMED_ROWS);
        collected.set(partnerId, into);
        into.add(records, at);
        rows += 1;
        if (rows === CONFIRMED_ROWS) await flush();
      }
    }
    await flush();
  };

  return {
    hashesPerCommit: HASHES_PER_COMMIT,
    async write(part, columns) {
      await prepare();
      await clickHouse.run(INSERT_ROWS, rowsOf(part, columns), { max_execution_time: INSERT_SECONDS });
    },
    async search(parts, asked, onFindings) {
      await prepare();
      const whole = await wholeOf(parts);
      if (whole.length === 0) return new Set();
      scan.ask(asked.question);
      const queries = asked.itemIds.length;
      for (let from = 0; from < queries; from += STATEMENT_QUERIES) {
        const condition = nearCondition(asked.question, from, Math.min(from + STATEMENT_QUERIES, queries));
        await searchNear(whole, condition, asked, onFindings);
      }
      return new Set(whole.map(({ id }) => id));
    },
    async read(parts) {
      await prepare();
      const found = new Map<number, Columns>();
      const collectors = new Map(parts.map((part) => [part.id, createRowCollector(part.type, part.hashes)]));
      const query = selectRows([...collectors.keys()]);
      const tooMany = new Set<number>();
      for await (const records of wholeRecords(clickHouse.bytes(query), ROW_BYTES)) {
        for (let at = 0; at < records.length; at += ROW_BYTES) {
          const id = partAt(records, at);
          const into = collectors.get(id);
          const part = parts.find((each) => each.id === id);
          if (into === undefined || part === undefined) continue;
          if (into.hashes === part.hashes) tooMany.add(id);
          else into.add(records, at);
        }
      }
      for (const { id, hashes } of parts) {
        const columns = collectors.get(id)?.columns();
        if (columns !== undefined && isWhole(columns, hashes) && !tooMany.has(id)) found.set(id, columns);
      }
      return found;
    },
    async discard(parts) {
      await prepare();
      if (parts.length > 0) await clickHouse.run(deleteRows(parts, cluster));
    },
    async oldParts() {
      await prepare();
      const parts: number[] = [];
      for await (const records of wholeRecords(clickHouse.bytes(selectOldParts), PART_BYTES)) {
        for (let at = 0; at < records.length; at += PART_BYTES) parts.push(partAt(records, at));
      }
      return parts;
    },
    close: () => clickHouse.close(),
  };
};
