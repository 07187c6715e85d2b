/**
 * Counts wrong keys per client address, in memory only and for a minute: whoever guesses is refused before the
 * database is asked. Addresses are never written anywhere.
 */
export interface FailureLimit {
  isExceeded(address: string): boolean;
  count(address: string): void;
}

const WINDOW_MS = 60_000;
const ADDRESSES_LIMIT = 50_000;

export const createFailureLimit = (perMinute: number, now: () => number = () => performance.now()): FailureLimit => {
  const failures = new Map<string, { count: number; readonly until: number }>();
  const current = (address: string): { count: number; readonly until: number } | undefined => {
    const entry = failures.get(address);
    if (entry !== undefined && entry.until <= now()) {
      failures.delete(address);
      return undefined;
    }
    return entry;
  };
  return {
    isExceeded: (address) => (current(address)?.count ?? 0) >= perMinute,
    count(address) {
      const entry = current(address);
      if (entry !== undefined) {
        entry.count += 1;
        return;
      }
      if (failures.size >= ADDRESSES_LIMIT) {
        const [oldest] = failures.keys();
        if (oldest !== undefined) failures.delete(oldest);
      }
      failures.set(address, { count: 1, until: now() + WINDOW_MS });
    },
  };
};
