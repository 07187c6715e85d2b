/**
 * The statements that go to ClickHouse. The columns are those of the parts in PostgreSQL, each hash a row: its first 16
 * bytes as two numbers, the other 16 as two more, the content's number. Numbers of ours and nothing else get into them.
 */
import type { ColumnQuestion } from "@recourse/match";
import { COLUMN_BYTES } from "@recourse/match";

/** What is written and read: the rows themselves, or what distributes them over a cluster. */
export const HASHES_TABLE = "catalogue_hashes";
/** Where the rows of a cluster's shard lie. */
export const LOCAL_TABLE = "catalogue_hashes_local";

/** Bytes of a row as it is sent and answered: part, number, four halves of columns; all little-endian. */
export const ROW_BYTES = 8 + 4 + 4 * 8;
const ROW = "part, number, near_a, near_b, rest_a, rest_b";

/** Hashes look random: trying to compress them costs time and saves nothing. */
export const CREATE_TABLE = `create table if not exists ${HASHES_TABLE} (
  part UInt64 codec(Delta, ZSTD(1)),
  number UInt32 codec(Delta, ZSTD(1)),
  near_a UInt64 codec(NONE),
  near_b UInt64 codec(NONE),
  rest_a UInt64 codec(NONE),
  rest_b UInt64 codec(NONE),
  written_at DateTime default now() codec(Delta, ZSTD(1))
) engine = MergeTree order by (part, number)`;

export const INSERT_ROWS = `insert into ${HASHES_TABLE} (${ROW}) format RowBinary`;

const listOf = (parts: readonly number[]): string => parts.join(",");

export const countRows = (parts: readonly number[]): string =>
  `select part, count() from ${HASHES_TABLE} where part in (${listOf(parts)}) group by part format RowBinary`;

export const selectRows = (parts: readonly number[]): string =>
  `select ${ROW} from ${HASHES_TABLE} where part in (${listOf(parts)}) order by part, number format RowBinary`;

export const selectOldParts = `select distinct part from ${HASHES_TABLE}
  where written_at < now() - interval 1 day format RowBinary`;

/** On a cluster each shard deletes its own. */
export const deleteRows = (parts: readonly number[], cluster: string | undefined): string =>
  cluster === undefined
    ? `delete from ${HASHES_TABLE} where part in (${listOf(parts)})`
    : `delete from ${LOCAL_TABLE} on cluster ${cluster} where part in (${listOf(parts)})`;

/** Queries in one statement: reading costs a hundredth of comparing then, and more takes the server long to parse. */
export const STATEMENT_QUERIES = 256;

/**
 * What holds of each row that is near one of the queries `from` to `to`, and of hardly any other: where all bits differ
 * in at most the radius, the first 128 do. Two numbers and bitHammingDistance are the fastest form measured: 1.6 ns a
 * row and query, against 4.2 with bitCount(bitXor), 2.3 with UInt128 and 8.7 with arrayExists.
 */
export const nearCondition = (question: ColumnQuestion, from: number, to: number): string => {
  const { queries, hashBytes, radiusBits } = question;
  const bytes = Buffer.from(queries.buffer, queries.byteOffset, queries.byteLength);
  const pairs: string[] = [];
  for (let query = from; query < to; query += 1) {
    const at = query * hashBytes;
    const [a, b] = [bytes.readBigUInt64LE(at), bytes.readBigUInt64LE(at + COLUMN_BYTES / 2)];
    pairs.push(
      radiusBits === 0
        ? `(${a},${b})`
        : `bitHammingDistance(near_a,toUInt64(${a}))+bitHammingDistance(near_b,toUInt64(${b}))<=${radiusBits}`,
    );
  }
  return radiusBits === 0 ? `(near_a,near_b) in (${pairs.join(",")})` : `(${pairs.join(" or ")})`;
};

/** Rows of these parts for which the condition holds; only of those the other columns are read. */
export const selectNear = (parts: readonly number[], condition: string): string =>
  `select ${ROW} from ${HASHES_TABLE} prewhere part in (${listOf(parts)}) and ${condition} format RowBinary`;
