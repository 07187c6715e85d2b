/**
 * Whose key is this: answered from memory, so that neither a check nor a wrong key costs a query. The list is short
 * and is read again every few seconds; while the database is away, the list that is there goes on holding.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { type ListedPartner, type Partner, partnerKeyName } from "@recourse/bank";

export interface PartnerDirectory {
  /** The partner with this key, or undefined. Throws BankError while there is no list yet and the bank is away. */
  find(key: string): Promise<Partner | undefined>;
}

/** A revoked key stops working at most about this much later. */
const FRESH_MS = 5_000;
/** A key that is not in the list may be new: then the list is read again, but not for each such key. */
const MISS_MS = 500;
/** How long an unknown key may wait for the list. */
const WAIT_MS = 1_000;

export const createPartnerDirectory = (
  load: () => Promise<readonly ListedPartner[]>,
  now: () => number = () => performance.now(),
): PartnerDirectory => {
  let partners: ReadonlyMap<string, Partner> | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;
  let loading: Promise<void> | undefined;

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

  return {
    async find(key) {
      const name = partnerKeyName(key);
      const known = partners?.get(name);
      if (known !== undefined) {
        if (now() - askedAt >= FRESH_MS) refresh().catch(() => {});
        return known;
      }
      if (partners === undefined) await refresh();
      else if (now() - askedAt >= MISS_MS) {
        await Promise.race([refresh().catch(() => {}), sleep(WAIT_MS, undefined, { ref: false })]);
      }
      return partners?.get(name);
    },
  };
};
