/** Signals and feed entries for tests: random, and near one another by a known number of bits. */
import { createHash, randomBytes } from "node:crypto";
import type { FeedEntry } from "@recourse/bank";
import type { Signal } from "@recourse/protocol";

export const hex = (bytes: number): string => randomBytes(bytes).toString("hex");

/** The same hash with exactly `bits` of its bits changed, others for each value and seed. */
export const near = (value: string, bits: number, seed = 0): string => {
  const bytes = Buffer.from(value, "hex");
  const places = createHash("sha512").update(`${value}:${seed}`).digest();
  const changed = new Set<number>();
  for (let at = 0; changed.size < bits; at += 1) changed.add(((places[at % 64] ?? 0) + 89 * Math.floor(at / 64)) % 256);
  for (const at of changed) bytes[at >> 3] = (bytes[at >> 3] ?? 0) ^ (1 << (at & 7));
  return bytes.toString("hex");
};

export const pdq = (value: string, quality = 100): Signal => ({ type: "pdq", value, quality });
export const local = (value: string): Signal => ({ type: "pdq-local", value, version: 1 });
export const frame = (seconds: number, value: string, quality = 100): Signal => ({
  type: "vpdq",
  value,
  quality,
  timestampMs: 1000 * seconds,
});
/** Random hashes. */
export const patches = (count: number): string[] => {
  const all = hex(32 * count);
  return Array.from({ length: count }, (_unused, at) => all.slice(64 * at, 64 * (at + 1)));
};

export const add = (sequence: number, itemNumber: number, signals: readonly Signal[]): FeedEntry => ({
  sequence,
  operation: "add",
  itemId: `item-${itemNumber}`,
  itemNumber,
  bank: "recourse",
  signals,
});
export const withdrawal = (sequence: number, itemNumber: number): FeedEntry => ({
  ...add(sequence, itemNumber, []),
  operation: "withdraw",
});
