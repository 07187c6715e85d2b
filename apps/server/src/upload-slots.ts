/**
 * How many uploads may be in memory at once: a slot is taken before a body is read and given back when the connection
 * is done with it, so memory is bounded by slots times the largest file.
 */
export interface UploadSlots {
  /** Resolves to the function that gives the slot back, or to undefined when none came free in time. */
  take(): Promise<(() => void) | undefined>;
}

export const createUploadSlots = (slots: number, waitMs: number, queueLimit: number): UploadSlots => {
  let free = slots;
  const queue: ((granted: boolean) => void)[] = [];

  const release = (): (() => void) => {
    let done = false;
    return () => {
      if (done) return;
      done = true;
      const next = queue.shift();
      if (next === undefined) free += 1;
      else next(true);
    };
  };

  return {
    async take() {
      if (free > 0) {
        free -= 1;
        return release();
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
      return granted ? release() : undefined;
    },
  };
};
