/** What is looked for on a video's frames beside their own hashes. Both doors take it from here. */
import { localHashes } from "../local/patches.ts";
import type { LocalHashes } from "../types.ts";
import { queryWindows } from "../windows/windows.ts";
import type { VideoPurpose } from "./size.ts";
import type { FrameExtras } from "./types.ts";

/** A query looks without borders too; "stronger" makes local hashes of frames that differ. */
export const frameExtras = (purpose: VideoPurpose, stronger = false): FrameExtras<LocalHashes> => ({
  ...(purpose === "query" && { queryWindows }),
  ...(stronger && { localHashes: (picture) => localHashes(picture, purpose) }),
});
