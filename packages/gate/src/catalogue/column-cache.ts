/**
 * Columns of parts in memory, up to a bound: a catalogue that fits is read from the database once. A part never changes,
 * so nothing here can be out of date. Once it is full, further parts are read anew each time: throwing out what was read
 * longest ago would throw out everything in each round.
 */
import type { Database } from "@recourse/bank";
import type { Columns } from "./columns.ts";
import { type Part, type ReadColumns, readParts } from "./parts.ts";

export interface ColumnCache {
  readonly bytes: number;
  /** Columns of these parts; one that is damaged or gone is left out. Throws BankError `database_unavailable`. */
  read(parts: readonly Part[]): Promise<ReadColumns>;
  /** Forgets all but these parts. */
  retain(ids: ReadonlySet<number>): void;
}

const bytesOf = ({ near, rest, numbers }: Columns): number => near.length + rest.length + numbers.length;

export const createColumnCache = (database: Database, limitBytes: number): ColumnCache => {
  const held = new Map<number, Columns>();
  let bytes = 0;
  return {
    get bytes() {
      return bytes;
    },
    async read(parts) {
      const found = new Map<number, Columns>();
      const missing: Part[] = [];
      for (const part of parts) {
        const columns = held.get(part.id);
        if (columns === undefined) missing.push(part);
        else found.set(part.id, columns);
      }
      for (const [id, columns] of await readParts(database, missing)) {
        found.set(id, columns);
        const size = bytesOf(columns);
        if (bytes + size > limitBytes) continue;
        held.set(id, columns);
        bytes += size;
      }
      return found;
    },
    retain(ids) {
      for (const [id, columns] of held) {
        if (ids.has(id)) continue;
        held.delete(id);
        bytes -= bytesOf(columns);
      }
    },
  };
};
