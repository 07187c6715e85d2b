/**
 * Brings a database to the schema of this version: each file of `migrations/` once, in the order of its number,
 * all in one transaction, under a lock so that several servers may start at once. A file that has run is never
 * changed; its checksum is kept and compared.
 */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import type { Database } from "./database.ts";

/** Any fixed number; it names the lock among all advisory locks of the database. */
const MIGRATION_LOCK = 7_308_001;

const folder = new URL("./migrations/", import.meta.url);

/** Throws when a migration fails or when one that has run was changed since. Returns the names that ran now. */
export const migrate = async (database: Database): Promise<readonly string[]> => {
  const names = (await readdir(folder)).filter((name) => /^\d{4}-[a-z-]+\.sql$/.test(name)).toSorted();
  return database.transaction(async (client) => {
    await client.query("select pg_advisory_xact_lock($1)", [MIGRATION_LOCK]);
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
      await client.query(sql);
      await client.query("insert into schema_migrations (name, checksum) values ($1, $2)", [name, checksum]);
      ran.push(name);
    }
    return ran;
  });
};
