/** A platform's own content: registered, removed, searched for items of the bank. Each partner sees its own only. */
import type { Database } from "@recourse/bank";
import type {
  CatalogueEntry,
  CatalogueFindings,
  CatalogueSignal,
  LookBackStatement,
  RegisterAnswer,
  RemoveContentAnswer,
} from "@recourse/protocol";
import type { FarColumnStore } from "./column-store.ts";
import { CatalogueError } from "./errors.ts";
import { listFindings } from "./findings.ts";
import { type BatchOptions, type EntryOutcome, type Probed, uploadedLines, writeBatch } from "./register.ts";
import { readStatement } from "./statement.ts";

export interface Catalogue {
  /** Throws CatalogueError `content_conflict`, `catalogue_full`, BankError `database_unavailable`. */
  register(partnerId: number, content: string, signals: readonly CatalogueSignal[]): Promise<RegisterAnswer>;
  /** A batch of lines in one transaction; what became of each. Throws as above, having done nothing. */
  write(
    partnerId: number,
    entries: readonly CatalogueEntry[],
    upload?: BatchOptions["upload"],
  ): Promise<readonly EntryOutcome[]>;
  remove(partnerId: number, contents: readonly string[]): Promise<RemoveContentAnswer>;
  /** Lines of an upload that are dealt with; 0 for one that is not known. */
  uploaded(partnerId: number, uploadId: string): Promise<number>;
  findings(partnerId: number, after: number): Promise<CatalogueFindings>;
  statement(partnerId: number, after: number): Promise<LookBackStatement>;
}

export interface CatalogueOptions {
  readonly database: Database;
  /**
   * Asks for a content what the gate has in force, before it is registered; undefined when that is not known to be
   * everything. Left out, the look-back asks for everything.
   */
  readonly probe?: ((signals: readonly CatalogueSignal[]) => Probed | undefined) | undefined;
  /** Where the columns of large parts go; left out, into the database. */
  readonly far?: FarColumnStore | undefined;
  readonly now?: () => Date;
}

export const createCatalogue = (options: CatalogueOptions): Catalogue => {
  const { database, probe, far, now = () => new Date() } = options;

  return {
    async register(partnerId, content, signals) {
      const probed = probe?.(signals);
      const { outcomes, searched } = await writeBatch(
        database,
        partnerId,
        [{ content, signals }],
        { probed, far },
        now(),
      );
      const [outcome] = outcomes;
      if (outcome === "conflict") throw new CatalogueError("content_conflict");
      return { outcome: outcome === "added" ? "added" : "unchanged", searched };
    },
    async write(partnerId, entries, upload) {
      const { outcomes } = await writeBatch(database, partnerId, entries, { upload, far }, now());
      return outcomes;
    },
    async remove(partnerId, contents) {
      const entries = contents.map((content) => ({ content }));
      const { outcomes } = await writeBatch(database, partnerId, entries, {}, now());
      const removed = outcomes.filter((outcome) => outcome === "removed").length;
      return { removed, absent: outcomes.length - removed };
    },
    uploaded: (partnerId, uploadId) => uploadedLines(database, partnerId, uploadId),
    findings: (partnerId, after) => listFindings(database, partnerId, after),
    statement: (partnerId, after) => readStatement(database, partnerId, after, now()),
  };
};
