/** What a process and all it started hold in memory, and the processor time it took, read from Linux's /proc. */
import { readdir, readFile } from "node:fs/promises";

/** Numbers of the process and of all below it. */
const processTree = async (root: number): Promise<readonly number[]> => {
  const parents = new Map<number, number>();
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    // proc(5): pid (name) state ppid; the name may hold blanks and brackets.
    const status = await readFile(`/proc/${name}/stat`, "utf8").catch(() => "");
    const parent = Number(status.slice(status.lastIndexOf(")") + 2).split(" ")[1]);
    if (Number.isInteger(parent)) parents.set(Number(name), parent);
  }
  const tree = [root];
  for (const found of tree) for (const [pid, parent] of parents) if (parent === found) tree.push(pid);
  return tree;
};

const kilobytes = (text: string, field: string): number | undefined => {
  const found = new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(text);
  return found === null ? undefined : Number(found[1]);
};

export interface TreeMemory {
  readonly megabytes: number;
  readonly processes: number;
  /** `pss` shares a page among those that map it; `rss`, where that may not be read, counts it for each. */
  readonly measure: "pss" | "rss";
}

/** Throws where there is no /proc. A megabyte is 1024 * 1024 bytes. */
export const readTreeMemory = async (root: number): Promise<TreeMemory> => {
  const pids = await processTree(root);
  let measure: TreeMemory["measure"] = "pss";
  let sumKb = 0;
  let processes = 0;
  for (const pid of pids) {
    const pss = kilobytes(await readFile(`/proc/${pid}/smaps_rollup`, "utf8").catch(() => ""), "Pss");
    const rss = kilobytes(await readFile(`/proc/${pid}/status`, "utf8").catch(() => ""), "VmRSS");
    if (pss === undefined && rss !== undefined) measure = "rss";
    if (pss === undefined && rss === undefined) continue;
    sumKb += pss ?? rss ?? 0;
    processes += 1;
  }
  if (processes === 0) throw new Error("the memory of processes can't be read on this system");
  return { megabytes: sumKb / 1024, processes, measure };
};

/** Of `USER_HZ`, which is 100 on every Linux that Node runs on. */
const TICKS_A_SECOND = 100;

/** Processor time of the process with all its threads since its start; undefined where there is no /proc. */
export const cpuSecondsOf = async (pid: number): Promise<number | undefined> => {
  const status = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // proc(5): utime and stime are the 14th and 15th; two come before the end of the name.
  const fields = status.slice(status.lastIndexOf(")") + 2).split(" ");
  const seconds = (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
  return Number.isFinite(seconds) ? seconds : undefined;
};
