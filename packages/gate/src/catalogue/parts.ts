/** The parts of catalogues as rows of the database: written once, read whole, and put together into larger ones. */
import type { Database, Queryable } from "@recourse/bank";
import { type CatalogueType, checksumOf, type Columns, areWhole, hashCountOf, numberAt } from "./columns.ts";

/** Where the columns of a part lie. */
export type PartLocation = "database" | "clickhouse";

/** What the database tells of a part without its columns. */
export interface Part {
  readonly id: number;
  readonly partnerId: number;
  readonly type: CatalogueType;
  readonly hashes: number;
  readonly checksum: number;
  readonly location: PartLocation;
}

interface PartRow {
  readonly id: string;
  readonly partner_id: number;
  readonly type: CatalogueType;
  readonly hashes: number;
  readonly checksum: string;
  readonly location: PartLocation;
}

export const PART_COLUMNS = "id, partner_id, type, hashes, checksum, location";

export const partOf = (row: PartRow): Part => ({
  id: Number(row.id),
  partnerId: row.partner_id,
  type: row.type,
  hashes: row.hashes,
  checksum: Number(row.checksum),
  location: row.location,
});

export interface NewPart {
  readonly type: CatalogueType;
  readonly columns: Columns;
  /** Up to which number of the feed it was compared with the bank already. */
  readonly sequence: number;
  readonly searchedAt: Date | null;
}

/** Takes columns of parts that don't lie in the database. */
export interface FarWriter {
  /**
   * Keeps the columns for good under the number of a part. A number is never written twice, and rows whose number no
   * transaction has registered never count. Throws BankError `database_unavailable`.
   */
  write(part: number, columns: Columns): Promise<void>;
}

/** Parts with fewer hashes stay in the database until they are put together: ClickHouse takes few large inserts well. */
export const FAR_HASHES = 4_096;

const NOTHING = Buffer.alloc(0);

/**
 * Writes parts; the caller holds the catalogue's row. Numbers within a part ascend. Large ones go to `far` if there is
 * such a store, under a number that is never given again, whatever becomes of the transaction.
 */
export const insertParts = async (
  client: Queryable,
  partnerId: number,
  parts: readonly NewPart[],
  far: FarWriter | undefined,
): Promise<void> => {
  for (const { type, columns, sequence, searchedAt } of parts) {
    const hashes = hashCountOf(columns);
    const next = await client.query<{ id: string }>(
      "select nextval(pg_get_serial_sequence('catalogue_parts', 'id')) as id",
    );
    const id = Number(next.rows[0]?.id);
    const isFar = far !== undefined && hashes >= FAR_HASHES;
    if (isFar) await far.write(id, columns);
    await client.query(
      `insert into catalogue_parts
         (id, partner_id, type, hashes, first_number, last_number, near, rest, numbers, checksum, sequence, searched_at,
          location)
       overriding system value values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
      [
        id,
        partnerId,
        type,
        hashes,
        numberAt(columns, 0),
        numberAt(columns, hashes - 1),
        ...(isFar ? [NOTHING, NOTHING, NOTHING] : [columns.near, columns.rest, columns.numbers]),
        checksumOf(columns),
        sequence,
        searchedAt,
        isFar ? "clickhouse" : "database",
      ],
    );
  }
};

/** The columns of a part, or undefined where they are not what was written: damaged, or gone. */
export type ReadColumns = ReadonlyMap<number, Columns>;

/**
 * Reads parts whole, in arrays of their own. A part that is gone or whose bytes are not what its checksum says is left
 * out. Throws BankError `database_unavailable`; what the database can't read of one part, it is asked for one by one.
 */
export const readParts = async (database: Database, parts: readonly Part[]): Promise<ReadColumns> => {
  const found = new Map<number, Columns>();
  const byId = new Map(parts.map((part) => [part.id, part]));
  const read = (ids: readonly number[]): Promise<void> =>
    // Numbers of ours: nothing from outside gets into the statement.
    database.readBytes(
      `select int8send(id), near, rest, numbers from catalogue_parts where id in (${ids.join(",")})`,
      ([id, near, rest, numbers]) => {
        if (!id || !near || !rest || !numbers) return;
        const number = Number(id.readBigInt64BE(0));
        const part = byId.get(number);
        const columns = { near: Buffer.from(near), rest: Buffer.from(rest), numbers: Buffer.from(numbers) };
        if (part === undefined || !areWhole(columns, part.type, part.hashes)) return;
        if (checksumOf(columns) === part.checksum) found.set(number, columns);
      },
    );
  if (parts.length === 0) return found;
  try {
    await read(parts.map(({ id }) => id));
  } catch (error) {
    if (isAway(error)) throw error;
    for (const { id } of parts) {
      try {
        if (!found.has(id)) await read([id]);
      } catch (alone) {
        if (isAway(alone)) throw alone;
      }
    }
  }
  return found;
};

const isAway = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "database_unavailable";
