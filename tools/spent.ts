/** For tests that bound time: what this process computed, which other work on the machine does not lengthen as a clock does. */

/** Processor milliseconds of this process, all its threads, since `since` (what an earlier call returned). */
export const spentMs = (since = 0): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000 - since;
};
