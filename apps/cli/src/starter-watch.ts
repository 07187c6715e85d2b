/**
 * `npm start` puts npm and a shell above the server, and neither passes a signal on: whoever stops npm would leave a
 * server behind. So a server that npm started stops when one of those two is gone.
 */
import { readFileSync } from "node:fs";

const EVERY_MS = 250;

/** Parent of a process, where the system tells (Linux); undefined elsewhere and for a process that is gone. */
const parentOf = (pid: number): number | undefined => {
  try {
    // proc(5): the command in brackets may hold anything, so fields are counted from behind it.
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    return Number(text.slice(text.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return undefined;
  }
};

/** Calls `onGone` once if npm started this process and it, or its shell, goes away. */
export const watchStarter = (env: NodeJS.ProcessEnv, onGone: () => void): void => {
  if (env["npm_lifecycle_event"] === undefined) return;
  const shell = process.ppid;
  const npm = parentOf(shell);
  const timer = setInterval(() => {
    if (process.ppid === shell && (npm === undefined || parentOf(shell) === npm)) return;
    clearInterval(timer);
    onGone();
  }, EVERY_MS);
  timer.unref();
};
