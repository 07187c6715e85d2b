/** For tests of any package: a real PostgreSQL of its own in a temporary folder, gone at the end. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Bank, createBank } from "./bank.ts";
import { type Database, openDatabase } from "./database.ts";
import { startEmbeddedPostgres } from "./embedded/postgres.ts";
import { migrate } from "./migrate.ts";

export interface TemporaryBank {
  readonly bank: Bank;
  readonly database: Database;
  readonly connectionString: string;
  readonly dataDir: string;
  /** Process number of PostgreSQL, to send it away in the middle of something. */
  postgresPid(): Promise<number>;
  close(): Promise<void>;
}

export interface TemporaryBankOptions {
  /** Only the migrations up to this number are run: a database as an older version left it. */
  readonly through?: number;
}

/** Takes about two seconds: one per test file is the measure. */
export const startTemporaryBank = async (options: TemporaryBankOptions = {}): Promise<TemporaryBank> => {
  const dataDir = await mkdtemp(join(tmpdir(), "recourse-test-"));
  const postgres = await startEmbeddedPostgres(dataDir);
  const database = openDatabase({ connectionString: postgres.connectionString });
  await migrate(database, options.through);
  return {
    bank: createBank(database),
    database,
    connectionString: postgres.connectionString,
    dataDir,
    postgresPid: () => postgres.pid(),
    async close() {
      await database.close();
      await postgres.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
};
