/**
 * Brings a database to the schema of this version: each file of `migrations/` once, in the order of its number,
 * all in one transaction, under a lock so that several servers may start at once. A file that has run is never
 * changed; its checksum is kept and compared.
 */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import type { Database, Queryable } from "./database.ts";

/** Any fixed number; it names the lock among all advisory locks of the database. */
const MIGRATION_LOCK = 7_308_001;

const folder = new URL("./migrations/", import.meta.url);

/** A change of a table of many millions of rows takes minutes; the usual limits of a statement are not for it. */
const TIMEOUT_MS = 6 * 60 * 60 * 1000;

/** The driver has a limit of its own beside that of the server; its types do not know that a query may have another. */
const runPatiently = async (client: Queryable, text: string): Promise<void> => {
  const query = { text, query_timeout: TIMEOUT_MS };
  await client.query(query);
};

/**
 * Throws when a migration fails or when one that has run was changed since. Returns the names that ran now.
 * `through` stops behind the file of that number: for tests of what an older version wrote.
 */
export const migrate = async (database: Database, through = Number.POSITIVE_INFINITY): Promise<readonly string[]> => {
  const names = (await readdir(folder))
    .filter((name) => /^\d{4}-[a-z-]+\.sql$/.test(name) && Number(name.slice(0, 4)) <= through)
    .toSorted();
  return database.transaction(async (client) => {
    await client.query(`set local statement_timeout = ${TIMEOUT_MS}`);
    await runPatiently(client, `select pg_advisory_xact_lock(${MIGRATION_LOCK})`);
    await client.query(
      "create table if not exists schema_migrations (name text primary key, checksum text not null, ran_at timestamptz not null default now())",
    );
    const done = await client.query<{ name: string; checksum: string }>("select name, checksum from schema_migrations");
    const checksums = new Map(done.rows.map((row) => [row.name, row.checksum]));
    const ran: string[] = [];
    for (const name of names) {
      const sql = await readFile(new URL(name, folder), "utf8");
      const checksum = createHash("sha256").update(sql).digest("hex");
      const known = checksums.get(name);
      if (known !== undefined && known !== checksum) throw new Error("a migration that has run was changed");
      if (known !== undefined) continue;
      await runPatiently(client, sql);
      await client.query("insert into schema_migrations (name, checksum) values ($1, $2)", [name, checksum]);
      ran.push(name);
    }
    return ran;
  });
};
