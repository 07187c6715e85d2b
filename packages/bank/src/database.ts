/**
 * Connections to PostgreSQL: a bounded pool, transactions, and one way to tell "the database is away" from a
 * mistake of ours. Messages of the driver can hold values of a row, so they never leave this file except as `cause`.
 */
import pg from "pg";
import { copyOut, type OnCopiedRow } from "./copy-out.ts";
import { BankError } from "./errors.ts";

export type Queryable = Pick<pg.ClientBase, "query">;

export interface DatabaseOptions {
  readonly connectionString: string;
  /** Connections at most. */
  readonly poolSize?: number;
}

export interface Database {
  /** Runs one statement. Throws BankError `database_unavailable` when the server can't be reached. */
  query<Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<pg.QueryResult<Row>>;
  /** Runs `work` in one transaction; any throw rolls it back. */
  transaction<T>(work: (client: Queryable) => Promise<T>): Promise<T>;
  /**
   * Hands over the rows of a query whose columns are bytes, as bytes. The query is put into a statement as it stands: it
   * may hold numbers, never text from outside. Throws like `query`.
   */
  readBytes(query: string, onRow: OnCopiedRow): Promise<void>;
  /** A connection of its own, outside the pool, for LISTEN and session locks. The caller ends it. */
  connect(): Promise<pg.Client>;
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 3_000;
const STATEMENT_TIMEOUT_MS = 15_000;

/** SQLSTATE classes that mean the server is away: connection exceptions, resources, operator intervention. */
const AWAY_CLASSES = new Set(["08", "53", "57"]);

const isAway = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (/^E[A-Z]+$/.test(code)) return true; // ECONNREFUSED and other errors of the system
  if (/^[0-9A-Z]{5}$/.test(code)) return AWAY_CLASSES.has(code.slice(0, 2));
  // The driver gives these no code.
  return /terminated|timeout|not queryable|Client was closed|ended by/i.test(error.message);
};

const asBankError = (error: unknown): unknown =>
  !(error instanceof BankError) && isAway(error) ? new BankError("database_unavailable", error) : error;

/** Opens a pool; nothing connects before the first statement. */
export const openDatabase = (options: DatabaseOptions): Database => {
  const config = {
    connectionString: options.connectionString,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: STATEMENT_TIMEOUT_MS + 1_000,
    keepAlive: true,
    application_name: "recourse",
  };
  const pool = new pg.Pool({ ...config, max: options.poolSize ?? 10, idleTimeoutMillis: 30_000 });
  // An idle connection that breaks is replaced at the next use; without a listener it would end the process.
  pool.on("error", () => {});

  return {
    async query(text, values) {
      try {
        return await pool.query(text, values === undefined ? undefined : [...values]);
      } catch (error) {
        throw asBankError(error);
      }
    },
    async transaction(work) {
      let client: pg.PoolClient;
      try {
        client = await pool.connect();
      } catch (error) {
        throw asBankError(error);
      }
      // A connection that breaks between two statements emits here; the next statement then rejects.
      const ignoreBreak = (): void => {};
      client.on("error", ignoreBreak);
      let broken: Error | undefined;
      try {
        await client.query("begin");
        const result = await work(client);
        await client.query("commit");
        return result;
      } catch (error) {
        await client.query("rollback").catch((rollbackError: unknown) => {
          broken = rollbackError instanceof Error ? rollbackError : new Error("rollback failed");
        });
        throw asBankError(error);
      } finally {
        client.off("error", ignoreBreak);
        client.release(broken);
      }
    },
    async readBytes(query, onRow) {
      let client: pg.PoolClient;
      try {
        client = await pool.connect();
      } catch (error) {
        throw asBankError(error);
      }
      const ignoreBreak = (): void => {};
      client.on("error", ignoreBreak);
      let broken: Error | undefined;
      try {
        await copyOut(client, query, onRow);
      } catch (error) {
        const failure = asBankError(error);
        if (failure instanceof BankError) broken = failure;
        throw failure;
      } finally {
        client.off("error", ignoreBreak);
        client.release(broken);
      }
    },
    async connect() {
      const client = new pg.Client(config);
      client.on("error", () => {});
      try {
        await client.connect();
      } catch (error) {
        throw asBankError(error);
      }
      return client;
    },
    async close() {
      await pool.end();
    },
  };
};
