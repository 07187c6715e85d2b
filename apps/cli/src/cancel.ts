/** Ctrl-C, and what else asks a command to end: the work is stopped in order, a second time at once. */
import { CANCELLED, CommandFailure, type ExitStatus } from "./failure.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Runs `work` with a signal that is aborted when the command is told to end. Throws `cancelled` then. */
export const cancellable = async (work: (signal: AbortSignal) => Promise<ExitStatus>): Promise<ExitStatus> => {
  const stopping = new AbortController();
  const stop = (): void => {
    if (stopping.signal.aborted) process.exit(CANCELLED);
    stopping.abort();
  };
  for (const name of SIGNALS) process.on(name, stop);
  try {
    const status = await work(stopping.signal);
    if (stopping.signal.aborted) throw new CommandFailure("cancelled", CANCELLED);
    return status;
  } finally {
    for (const name of SIGNALS) process.off(name, stop);
  }
};
