/** Columns in PostgreSQL: read into memory as far as that goes, and scanned by the kernel of @recourse/match. */
import type { Database } from "@recourse/bank";
import type { ColumnScan } from "@recourse/match";
import { createColumnCache } from "./column-cache.ts";
import type { ColumnStore } from "./column-store.ts";
import { scanPart } from "./scan-part.ts";
import { readParts } from "./parts.ts";

export interface DatabaseColumns extends ColumnStore {
  /** Forgets what is held in memory of all but these parts. */
  retain(ids: ReadonlySet<number>): void;
}

export const createDatabaseColumns = (database: Database, scan: ColumnScan, memoryBytes: number): DatabaseColumns => {
  const cache = createColumnCache(database, memoryBytes);
  return {
    hashesPerCommit: 1_048_576,
    async search(parts, asked, onFindings) {
      const read = await cache.read(parts);
      scan.ask(asked.question);
      for (const { id, partnerId } of parts) {
        const columns = read.get(id);
        if (columns === undefined) continue;
        for (const some of scanPart(scan, asked, columns, partnerId)) await onFindings(some);
      }
      return new Set(read.keys());
    },
    read: (parts) => readParts(database, parts),
    retain: (ids) => cache.retain(ids),
  };
};
