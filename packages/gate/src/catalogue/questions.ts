/** What a look-back asks of a catalogue: the hashes of some items, laid out for the scan. */
import type { FeedEntry } from "@recourse/bank";
import { type ColumnQuestion, MAX_COLUMN_QUERIES } from "@recourse/match";
import { CATALOGUE_TYPES, type SignalType } from "@recourse/protocol";
import { isAskable } from "../held/held-item.ts";
import { type CatalogueType, HASH_FORMS } from "./columns.ts";

/** A question of one type, and which item each of its queries is of. */
export interface ItemQuestion {
  readonly type: CatalogueType;
  readonly question: ColumnQuestion;
  readonly itemIds: readonly string[];
}

/** Items of the feed that are asked for together. */
export interface ItemBatch {
  /** All entries up to this number of the feed are dealt with. */
  readonly sequence: number;
  readonly questions: ReadonlyMap<CatalogueType, ItemQuestion>;
  readonly withdrawn: readonly string[];
}

/**
 * Hashes of all items together, if there is more than one: 64 pictures with all their windows have 5,632. The scan takes
 * more, so that an item with the most that it may hold always fits.
 */
const MAX_HASHES = 8_192;

/** The type of column that holds what this signal may be near to. */
const columnOf = (type: SignalType): CatalogueType | undefined => {
  // A frame of a known video may have been posted as a picture.
  if (type === "vpdq") return "pdq";
  return CATALOGUE_TYPES.find((known) => known === type);
};

interface Query {
  readonly itemId: string;
  readonly value: string;
}

/** Each hash of an item once. */
const queriesOf = (entry: FeedEntry): ReadonlyMap<CatalogueType, readonly Query[]> => {
  const byType = new Map<CatalogueType, Map<string, Query>>();
  for (const signal of entry.signals) {
    const column = columnOf(signal.type);
    if (column === undefined || !isAskable(signal)) continue;
    const queries = byType.get(column) ?? new Map<string, Query>();
    byType.set(column, queries);
    if (!queries.has(signal.value)) queries.set(signal.value, { itemId: entry.itemId, value: signal.value });
  }
  return new Map([...byType].map(([type, queries]) => [type, [...queries.values()]]));
};

const questionOf = (type: CatalogueType, queries: readonly Query[]): ItemQuestion => {
  const { hashBytes, radiusBits } = HASH_FORMS[type];
  const packed = Buffer.alloc(queries.length * hashBytes);
  const groups = new Uint32Array(queries.length);
  const firstOf = new Map<string, number>();
  queries.forEach(({ itemId, value }, query) => {
    packed.write(value, query * hashBytes, "hex");
    const group = firstOf.get(itemId) ?? query;
    firstOf.set(itemId, group);
    groups[query] = group;
  });
  return {
    type,
    question: { queries: packed, hashBytes, radiusBits, groups },
    itemIds: queries.map(({ itemId }) => itemId),
  };
};

/** As many of the entries, from the first on, as are asked for together; at least one. Throws RangeError for none. */
export const batchOf = (entries: readonly FeedEntry[]): ItemBatch => {
  const byType = new Map<CatalogueType, Query[]>();
  const withdrawn: string[] = [];
  let sequence: number | undefined;
  for (const entry of entries) {
    const queries = queriesOf(entry);
    const isTooMuch = [...queries].some(
      ([type, more]) => (byType.get(type)?.length ?? 0) + more.length > Math.max(MAX_HASHES, more.length),
    );
    if (isTooMuch && sequence !== undefined) break;
    for (const [type, more] of queries) byType.set(type, [...(byType.get(type) ?? []), ...more]);
    if (entry.operation === "withdraw") withdrawn.push(entry.itemId);
    sequence = entry.sequence;
  }
  if (sequence === undefined) throw new RangeError("entries: at least one expected");
  const questions = [...byType].map(([type, queries]) => {
    if (queries.length > MAX_COLUMN_QUERIES) throw new RangeError("entries: an item has more hashes than it may");
    return [type, questionOf(type, queries)] as const;
  });
  return { sequence, questions: new Map(questions), withdrawn };
};
