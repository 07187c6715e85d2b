/** Signals as rows: how a wire signal becomes one and comes back. */
import { createHash } from "node:crypto";
import { HEX_DIGITS, type Signal, type SignalKind, SIGNAL_KINDS } from "@recourse/protocol";
import type { Queryable } from "./database.ts";
import { BankError } from "./errors.ts";

export interface SignalRow {
  readonly type: Signal["type"];
  /** Lower-case hex. */
  readonly value: string;
  readonly quality: number | null;
  readonly kind: string | null;
}

const isKind = (kind: string | null): kind is SignalKind => SIGNAL_KINDS.some((known) => known === kind);

export const signalFromRow = (row: SignalRow): Signal => {
  if (row.type !== "pdq") return { type: row.type, value: row.value };
  return {
    type: "pdq",
    value: row.value,
    ...(row.quality === null ? {} : { quality: row.quality }),
    ...(isKind(row.kind) ? { kind: row.kind } : {}),
  };
};

/** Throws BankError `signal_invalid` unless every value is lower-case hex of its type's length. */
export const assertSignals = (signals: readonly Signal[]): void => {
  for (const { type, value } of signals) {
    if (value.length !== HEX_DIGITS[type] || !/^[0-9a-f]+$/.test(value)) throw new BankError("signal_invalid");
  }
};

/** 32 bytes over the set of signals, whatever their order. */
export const digestSignals = (signals: readonly Signal[]): Buffer => {
  const lines = signals.map(({ type, value }) => `${type}:${value}`).toSorted();
  return createHash("sha256").update(lines.join("\n")).digest();
};

/** Inserts the signals of new items in one statement. */
export const insertSignals = async (
  client: Queryable,
  items: readonly { readonly itemId: string; readonly signals: readonly Signal[] }[],
): Promise<void> => {
  const ids: string[] = [];
  const types: string[] = [];
  const values: Buffer[] = [];
  const qualities: (number | null)[] = [];
  const kinds: (string | null)[] = [];
  for (const { itemId, signals } of items) {
    for (const signal of signals) {
      ids.push(itemId);
      types.push(signal.type);
      values.push(Buffer.from(signal.value, "hex"));
      qualities.push(signal.type === "pdq" ? (signal.quality ?? null) : null);
      kinds.push(signal.type === "pdq" ? (signal.kind ?? null) : null);
    }
  }
  await client.query(
    `insert into signals (item_id, type, value, quality, kind)
     select * from unnest($1::uuid[], $2::text[], $3::bytea[], $4::smallint[], $5::text[])
     on conflict do nothing`,
    [ids, types, values, qualities, kinds],
  );
};
