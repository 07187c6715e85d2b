/** Signals as rows: how a wire signal becomes one and comes back. */
import { createHash } from "node:crypto";
import {
  HEX_DIGITS,
  LOCAL_VERSION,
  MAX_TIMESTAMP_MS,
  type Signal,
  type SignalKind,
  SIGNAL_KINDS,
  VPDQ_KINDS,
  type VpdqKind,
} from "@recourse/protocol";
import type { Queryable } from "./database.ts";
import { BankError } from "./errors.ts";

export interface SignalRow {
  readonly type: Signal["type"];
  /** Lower-case hex. */
  readonly value: string;
  readonly quality: number | null;
  readonly kind: string | null;
  readonly timestampMs: number;
}

/**
 * The signals of one item as a JSON array of SignalRow, to stand in a select from `signals`. Ordered, so that whoever
 * reads them twice reads the same.
 */
export const SIGNALS_AS_JSON = `json_agg(json_build_object('type', type, 'value', encode(value, 'hex'),
  'quality', quality, 'kind', kind, 'timestampMs', timestamp_ms) order by type, timestamp_ms, value)`;

const KINDS: ReadonlySet<string> = new Set(SIGNAL_KINDS);
const isKind = (kind: string | null): kind is SignalKind => kind !== null && KINDS.has(kind);
const isVpdqKind = (kind: string | null): kind is VpdqKind => VPDQ_KINDS.some((known) => known === kind);

export const signalFromRow = (row: SignalRow): Signal => {
  switch (row.type) {
    case "md5":
    case "sha256":
      return { type: row.type, value: row.value };
    case "pdq":
      return {
        type: row.type,
        value: row.value,
        ...(row.quality === null ? {} : { quality: row.quality }),
        ...(isKind(row.kind) ? { kind: row.kind } : {}),
      };
    case "pdq-local":
      // No other version was ever let in.
      return { type: row.type, value: row.value, version: LOCAL_VERSION };
    case "vpdq":
      return {
        type: row.type,
        value: row.value,
        quality: row.quality ?? 0,
        timestampMs: row.timestampMs,
        ...(isVpdqKind(row.kind) ? { kind: row.kind } : {}),
      };
  }
};

/**
 * Throws BankError `signal_invalid` unless every value is lower-case hex of its type's length and every time is one;
 * `signal_version_unknown` for local hashes of another version.
 */
export const assertSignals = (signals: readonly Signal[]): void => {
  for (const signal of signals) {
    const { type, value } = signal;
    if (type === "pdq-local" && signal.version !== LOCAL_VERSION) throw new BankError("signal_version_unknown");
    if (value.length !== HEX_DIGITS[type] || !/^[0-9a-f]+$/.test(value)) throw new BankError("signal_invalid");
    if (type !== "vpdq") continue;
    const { timestampMs } = signal;
    if (!Number.isInteger(timestampMs) || timestampMs < 0 || timestampMs > MAX_TIMESTAMP_MS) {
      throw new BankError("signal_invalid");
    }
  }
};

/** What tells a signal from all others of its item. The same text for the same signal in every version to come. */
const lineOf = (signal: Signal): string => {
  switch (signal.type) {
    case "pdq":
    case "md5":
    case "sha256":
      return `${signal.type}:${signal.value}`;
    case "pdq-local":
      return `${signal.type}:${signal.value}:${signal.version}`;
    case "vpdq":
      return `${signal.type}:${signal.value}:${signal.timestampMs}:${signal.kind ?? "original"}`;
  }
};

/** 32 bytes over the set of signals, whatever their order. */
export const digestSignals = (signals: readonly Signal[]): Buffer =>
  createHash("sha256").update(signals.map(lineOf).toSorted().join("\n")).digest();

/** Inserts the signals of new items in one statement; of two that are the same in the key, the first. */
export const insertSignals = async (
  client: Queryable,
  items: readonly { readonly itemId: string; readonly signals: readonly Signal[] }[],
): Promise<void> => {
  const ids: string[] = [];
  const types: string[] = [];
  const values: Buffer[] = [];
  const qualities: (number | null)[] = [];
  const kinds: (string | null)[] = [];
  const versions: (number | null)[] = [];
  const timestamps: number[] = [];
  for (const { itemId, signals } of items) {
    for (const signal of signals) {
      ids.push(itemId);
      types.push(signal.type);
      values.push(Buffer.from(signal.value, "hex"));
      qualities.push("quality" in signal ? (signal.quality ?? null) : null);
      kinds.push("kind" in signal ? (signal.kind ?? null) : null);
      versions.push("version" in signal ? signal.version : null);
      timestamps.push("timestampMs" in signal ? signal.timestampMs : 0);
    }
  }
  await client.query(
    `insert into signals (item_id, type, value, quality, kind, version, timestamp_ms)
     select * from unnest($1::uuid[], $2::text[], $3::bytea[], $4::smallint[], $5::text[], $6::smallint[], $7::int[])
     on conflict do nothing`,
    [ids, types, values, qualities, kinds, versions, timestamps],
  );
};
