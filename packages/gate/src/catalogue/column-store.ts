/**
 * Where the columns of parts lie and are searched. Which parts there are, how far each was compared and what was found
 * is always in PostgreSQL, so that findings, resuming and the statement are the same wherever the columns are.
 */
import type { NewFinding } from "./findings.ts";
import type { FarWriter, Part, ReadColumns } from "./parts.ts";
import type { ItemQuestion } from "./questions.ts";

export interface ColumnStore {
  /** Hashes that are searched between two commits of what was found. */
  readonly hashesPerCommit: number;
  /**
   * Compares parts with the question and hands over what it finds in portions of bounded size; the same content and item
   * may come more than once. Answers which parts were searched whole: one that is damaged or incomplete is not among them.
   * Throws BankError `database_unavailable`.
   */
  search(
    parts: readonly Part[],
    asked: ItemQuestion,
    onFindings: (findings: readonly NewFinding[]) => Promise<void>,
  ): Promise<ReadonlySet<number>>;
  /** Columns of these parts in arrays of their own; one that is damaged, incomplete or gone is left out. Throws as above. */
  read(parts: readonly Part[]): Promise<ReadColumns>;
}

/** A store beside the database: rows first, then the database's word that they count. */
export interface FarColumnStore extends ColumnStore, FarWriter {
  /** Deletes the rows of these parts. Throws as above. */
  discard(parts: readonly number[]): Promise<void>;
  /** Numbers of all parts of which there are rows older than a day: what is being written now is not among them. */
  oldParts(): Promise<readonly number[]>;
  close(): Promise<void>;
}
