/** Learns from a folder of harmless pictures what never votes. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { querySet } from "@recourse/fingerprint";
import { fingerprintFile } from "@recourse/fingerprint/node";
import { createStopList, type StopList } from "./stop-list.ts";

export interface Learned {
  readonly stopList: StopList;
  /** Files that were read as pictures, and files that were not. */
  readonly pictures: number;
  readonly unread: number;
}

/** Reads every file directly in the folder; rejects if the folder can't be read. Other files are counted, not used. */
export const learnHarmless = async (folder: string): Promise<Learned> => {
  const stopList = createStopList();
  let pictures = 0;
  let unread = 0;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const outcome = await fingerprintFile(join(folder, entry.name), { purpose: "query", stronger: true });
    if (outcome.ok) {
      const { fingerprint } = outcome;
      stopList.learn([...querySet(fingerprint).map(({ value }) => value), ...(fingerprint.local?.query ?? [])]);
      pictures += 1;
    } else unread += 1;
  }
  return { stopList, pictures, unread };
};
