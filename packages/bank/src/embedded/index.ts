/** Opening the bank of this machine: a server named by DATABASE_URL, or the embedded one in the data folder. */
import { resolve } from "node:path";
import { type Bank, createBank } from "../bank.ts";
import { type Database, openDatabase } from "../database.ts";
import { migrate } from "../migrate.ts";
import { startEmbeddedPostgres } from "./postgres.ts";

export interface LocalBank {
  readonly bank: Bank;
  /** What the bank is kept in, for what else is; closed with it. */
  readonly database: Database;
  /** By which another thread opens the same. Holds a password. */
  readonly connectionString: string;
  /**
   * Closes connections and, where it is the embedded one, PostgreSQL: `ifAlone` (the default) leaves it running when
   * somebody else is connected, `always` is for the one server that holds the data folder.
   */
  close(stopDatabase?: "ifAlone" | "always"): Promise<void>;
}

export interface LocalBankOptions {
  /** Reads DATABASE_URL and RECOURSE_DATA. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Goes before RECOURSE_DATA; the default is `./data`. */
  readonly dataDir?: string;
}

/** The folder everything durable of this machine lies in, absolute. */
export const dataDirOf = (options: LocalBankOptions): string =>
  resolve(options.dataDir ?? options.env["RECOURSE_DATA"] ?? "data");

/** Opens the bank and brings its schema up to date. Throws BankError, see `startEmbeddedPostgres`. */
export const openLocalBank = async (options: LocalBankOptions): Promise<LocalBank> => {
  const url = options.env["DATABASE_URL"];
  if (url !== undefined && url !== "") {
    const database = openDatabase({ connectionString: url });
    try {
      await migrate(database);
    } catch (error) {
      await database.close();
      throw error;
    }
    return { bank: createBank(database), database, connectionString: url, close: () => database.close() };
  }
  const postgres = await startEmbeddedPostgres(dataDirOf(options));
  const database = openDatabase({ connectionString: postgres.connectionString });
  const close = async (stopDatabase: "ifAlone" | "always" = "ifAlone"): Promise<void> => {
    await database.close();
    await postgres.stop({ ifAlone: stopDatabase === "ifAlone" });
  };
  try {
    await migrate(database);
  } catch (error) {
    await close();
    throw error;
  }
  return { bank: createBank(database), database, connectionString: postgres.connectionString, close };
};
