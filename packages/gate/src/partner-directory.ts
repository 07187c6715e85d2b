/**
 * Whose key is this: answered from memory, so that neither a check nor a wrong key costs a query. The list is short
 * and is read again every few seconds; while the database is away, the list that is there goes on holding.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { type ListedPartner, type Partner, partnerKeyName } from "@recourse/bank";

export interface PartnerDirectory {
  /** The partner with this key, or undefined. Throws BankError while there is no list yet and the bank is away. */
  find(key: string): Promise<Partner | undefined>;
  /** The same at once; undefined also where that can't be known without waiting. */
  known(key: string): Partner | undefined;
}

/** A revoked key stops working at most about this much later. */
const FRESH_MS = 5_000;
/** A key that is not in the list may be new: then the list is read again, but not for each such key. */
const MISS_MS = 500;
/** Keys whose name is remembered, so that it need not be computed for each request. */
const NAMES_LIMIT = 1_000;
/** How long an unknown key may wait for the list. */
const WAIT_MS = 1_000;

export const createPartnerDirectory = (
  load: () => Promise<readonly ListedPartner[]>,
  now: () => number = () => performance.now(),
): PartnerDirectory => {
  let partners: ReadonlyMap<string, Partner> | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;
  let loading: Promise<void> | undefined;

  /** Of keys that were found only: wrong ones must not push out others. */
  const names = new Map<string, string>();

  const refresh = (): Promise<void> => {
    askedAt = now();
    loading ??= load()
      .then((list) => {
        partners = new Map(list.map(({ keyName, id, role }) => [keyName, { id, role }]));
      })
      .finally(() => {
        loading = undefined;
      });
    return loading;
  };

  const known = (key: string): Partner | undefined => {
    const remembered = names.get(key);
    const name = remembered ?? partnerKeyName(key);
    const partner = partners?.get(name);
    if (partner === undefined) {
      names.delete(key);
      return undefined;
    }
    if (remembered === undefined && names.size < NAMES_LIMIT) names.set(key, name);
    if (now() - askedAt >= FRESH_MS) refresh().catch(() => {});
    return partner;
  };

  return {
    known,
    async find(key) {
      const partner = known(key);
      if (partner !== undefined) return partner;
      if (partners === undefined) await refresh();
      else if (now() - askedAt >= MISS_MS) {
        await Promise.race([refresh().catch(() => {}), sleep(WAIT_MS, undefined, { ref: false })]);
      }
      return known(key);
    },
  };
};
