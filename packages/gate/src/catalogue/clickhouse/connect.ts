/** The connection to ClickHouse: its official client, silent about values, with every setting that completeness needs. */
import { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { type ClickHouseClient, ClickHouseLogLevel, type ClickHouseSettings, createClient } from "@clickhouse/client";
import { BankError } from "@recourse/bank";

/** Where ClickHouse is. `cluster`: its name among the servers, where tables are distributed. */
export interface ClickHouseAddress {
  readonly origin: string;
  readonly username: string;
  readonly password: string;
  readonly database: string;
  readonly cluster: string | undefined;
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;

/**
 * Reads `http(s)://user:password@host:port/database?cluster=name`; undefined where it is nothing of the kind. Names of
 * database and cluster are letters, digits and underscores, since they get into statements.
 */
export const readClickHouseUrl = (text: string): ClickHouseAddress | undefined => {
  if (!URL.canParse(text)) return undefined;
  const { protocol, origin, username, password, pathname, searchParams } = new URL(text);
  const database = pathname.slice(1) || "default";
  const cluster = searchParams.get("cluster") ?? undefined;
  const isKnown = [...searchParams.keys()].every((key) => key === "cluster");
  if ((protocol !== "http:" && protocol !== "https:") || !isKnown || !NAME.test(database)) return undefined;
  if (cluster !== undefined && !NAME.test(cluster)) return undefined;
  return {
    origin,
    username: decodeURIComponent(username) || "default",
    password: decodeURIComponent(password),
    database,
    cluster,
  };
};

/** A search of a large table takes minutes. */
const REQUEST_TIMEOUT_MS = 15 * 60 * 1000;
/** An insert that takes longer is given up by both sides. */
export const INSERT_SECONDS = 30;

/**
 * An answer counts only if it is whole: it is finished before its status is sent, a shard that is away is an error, and
 * a replica that lags behind is not asked. Where tables are replicated, an insert is acknowledged by most replicas.
 */
const settingsOf = ({ cluster }: ClickHouseAddress): ClickHouseSettings => ({
  wait_end_of_query: 1,
  async_insert: 0,
  max_query_size: "16777216",
  max_ast_elements: "1000000",
  max_expanded_ast_elements: "1000000",
  use_query_condition_cache: 0,
  ...(cluster === undefined
    ? {}
    : {
        distributed_foreground_insert: 1,
        skip_unavailable_shards: 0,
        fallback_to_stale_replicas_for_distributed_queries: 0,
        insert_quorum: "auto",
        insert_quorum_parallel: 0,
        select_sequential_consistency: "1",
        prefer_localhost_replica: 1,
      }),
});

export interface ClickHouse {
  /** Runs a statement that answers nothing; `bytes` follow it, in the statement's format. */
  run(query: string, bytes?: Buffer, settings?: ClickHouseSettings): Promise<void>;
  /** Pieces of the answer as they come. All of it is whole by then. */
  bytes(query: string): AsyncGenerator<Buffer>;
  close(): Promise<void>;
}

/** What ClickHouse says of an error may hold the statement, and so hashes: it goes no further than `cause`. */
const asAway = (error: unknown): BankError =>
  error instanceof BankError ? error : new BankError("database_unavailable", error);

export const connectClickHouse = (address: ClickHouseAddress): ClickHouse => {
  const { origin, username, password, database } = address;
  const client: ClickHouseClient = createClient({
    url: origin,
    username,
    password,
    database,
    application: "recourse",
    request_timeout: REQUEST_TIMEOUT_MS,
    max_open_connections: 4,
    compression: { request: false, response: false },
    clickhouse_settings: settingsOf(address),
    log: { level: ClickHouseLogLevel.OFF },
  });
  return {
    async run(query, bytes, settings) {
      try {
        const values = bytes === undefined ? {} : { values: Readable.from([bytes], { objectMode: false }) };
        const { stream } = await client.exec({
          query,
          ...values,
          ...(settings === undefined ? {} : { clickhouse_settings: settings }),
        });
        await finished(stream.resume());
      } catch (error) {
        throw asAway(error);
      }
    },
    async *bytes(query) {
      try {
        const { stream } = await client.exec({ query });
        for await (const piece of stream) yield piece as Buffer;
      } catch (error) {
        throw asAway(error);
      }
    },
    close: () => client.close(),
  };
};
