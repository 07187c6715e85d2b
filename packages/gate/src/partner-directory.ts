/**
 * Whose key is this: the database's answer, kept for a few seconds so that a check costs no query, and kept longer
 * while the database is away, so that the gate goes on working for those it knows.
 */
import { createHash } from "node:crypto";
import type { Partner } from "@recourse/bank";

export interface PartnerDirectory {
  /** The partner with this key, or undefined. Throws BankError when the key isn't known yet and the bank is away. */
  find(key: string): Promise<Partner | undefined>;
}

/** A revoked key stops working at most this much later. */
const FRESH_MS = 5_000;
const KEYS_LIMIT = 10_000;

export const createPartnerDirectory = (
  lookUp: (key: string) => Promise<Partner | undefined>,
  now: () => number = () => performance.now(),
): PartnerDirectory => {
  const known = new Map<string, { readonly partner: Partner; readonly askedAt: number }>();
  return {
    async find(key) {
      const name = createHash("sha256").update(key).digest("base64");
      const entry = known.get(name);
      if (entry !== undefined && now() - entry.askedAt < FRESH_MS) return entry.partner;
      try {
        const partner = await lookUp(key);
        if (partner === undefined) known.delete(name);
        else {
          if (known.size >= KEYS_LIMIT) known.clear();
          known.set(name, { partner, askedAt: now() });
        }
        return partner;
      } catch (error) {
        if (entry !== undefined) return entry.partner;
        throw error;
      }
    },
  };
};
