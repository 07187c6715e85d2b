/**
 * How many uploads may be in memory at once: a slot is taken before a body is read and free again when its connection
 * is closed and no work on its bytes is left, so memory is bounded by slots times the largest file.
 */
export interface UploadSlot {
  /** One more holds the slot until it leaves. */
  join(): UploadSlot;
  /** Leaving twice counts once. */
  readonly leave: () => void;
}

export interface UploadSlots {
  /** Resolves to a slot with one holder, or to undefined when none came free in time. */
  take(): Promise<UploadSlot | undefined>;
}

export const createUploadSlots = (slots: number, waitMs: number, queueLimit: number): UploadSlots => {
  let free = slots;
  const queue: ((granted: boolean) => void)[] = [];

  const release = (): void => {
    const next = queue.shift();
    if (next === undefined) free += 1;
    else next(true);
  };

  const openSlot = (): UploadSlot => {
    let holders = 0;
    const join = (): UploadSlot => {
      let isHere = true;
      holders += 1;
      const leave = (): void => {
        if (!isHere) return;
        isHere = false;
        holders -= 1;
        if (holders === 0) release();
      };
      return { join, leave };
    };
    return join();
  };

  return {
    async take() {
      if (free > 0) {
        free -= 1;
        return openSlot();
      }
      if (queue.length >= queueLimit) return undefined;
      const granted = await new Promise<boolean>((resolve) => {
        const settle = (value: boolean): void => {
          clearTimeout(timer);
          resolve(value);
        };
        const timer = setTimeout(() => {
          queue.splice(queue.indexOf(settle), 1);
          resolve(false);
        }, waitMs);
        queue.push(settle);
      });
      return granted ? openSlot() : undefined;
    },
  };
};
