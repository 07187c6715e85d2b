/**
 * ClickHouse as a peer of the look-back, on its own engine in this process: npm's chdb (543 MB), which is no dependency
 * of ours. CHDB names a folder in whose node_modules it was installed; without it there is no such peer.
 */
import { createRequire } from "node:module";
import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clickHouseStatements } from "@recourse/gate";

interface Session {
  query(sql: string): string;
  close(): void;
}
interface Chdb {
  readonly Session: new () => Session;
}

interface Columns {
  readonly near: Buffer;
  readonly rest: Buffer;
}

export interface ClickHousePeer {
  /** Seconds of each run of one scan for these hashes of 32 bytes, by one thread; throws unless it tells so many rows, and few more. */
  seconds(queries: readonly Buffer[], rows: number, runs: number): readonly number[];
  close(): void;
}

/** Rows that are near in their first half by chance: one in 300 million pairs. */
const CHANCE = 32;

/** Fills a table with these parts. Undefined where chdb is not installed. */
export const openClickHouse = (parts: readonly Columns[]): ClickHousePeer | undefined => {
  const folder = process.env["CHDB"];
  if (folder === undefined || folder === "") return undefined;
  // The cast states what is used of a package that may not be there.
  const { Session } = createRequire(join(folder, "package.json"))("chdb") as Chdb;
  const session = new Session();
  const { createTable, insertRows, rowsOf, nearCondition, selectNear } = clickHouseStatements;
  session.query(createTable);
  const file = join(tmpdir(), `recourse-bench-rows-${process.pid}`);
  const [insert, format] = insertRows.split(" format ");
  for (const [part, { near, rest }] of parts.entries()) {
    const numbers = Buffer.alloc(near.length / 4);
    writeFileSync(file, rowsOf(part + 1, { near, rest, numbers }));
    session.query(`${insert} from infile '${file}' format ${format}`);
  }
  rmSync(file);
  // As it lies after a while, in one piece.
  session.query("optimize table catalogue_hashes final");
  const ids = parts.map((_part, at) => at + 1);
  return {
    seconds(queries, rows, runs) {
      const question = { queries: Buffer.concat(queries), hashBytes: 32, radiusBits: 31 } as const;
      const near = selectNear(ids, nearCondition(question, 0, queries.length)).replace("RowBinary", "CSV");
      const query = `${near} settings max_threads = 1, use_query_condition_cache = 0`;
      return Array.from({ length: runs }, () => {
        const startedAt = performance.now();
        const answer = session.query(query.replace(/ format CSV settings (.*)$/u, " settings $1 format CSV"));
        const seconds = (performance.now() - startedAt) / 1000;
        const told = answer.trim().split("\n").length;
        if (told < rows || told > rows + CHANCE) throw new Error(`ClickHouse told ${told} rows`);
        return seconds;
      });
    },
    close: () => session.close(),
  };
};
