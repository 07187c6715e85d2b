/** Files out of what was dropped, those in folders among them. */
import type { DropZoneProps } from "react-aria-components/DropZone";

type Dropped = Parameters<NonNullable<DropZoneProps["onDrop"]>>[0]["items"][number];

/** Nobody drops more; a folder of a whole disk would be gone through for minutes. */
const MAX_ENTRIES = 2000;
const MAX_DEPTH = 16;

/** What systems put into folders for themselves. */
const isOfSystem = (name: string): boolean => name.startsWith(".") || /^(?:Thumbs\.db|desktop\.ini)$/iu.test(name);

/** In the order of folders; what can't be read is passed over, for there is no file to show a sentence about. */
export const filesOf = async (items: readonly Dropped[]): Promise<readonly File[]> => {
  const files: File[] = [];
  let entries = 0;
  const take = async (item: Dropped, depth: number): Promise<void> => {
    entries += 1;
    if (entries > MAX_ENTRIES || item.kind === "text") return;
    if (item.kind === "file") {
      const file = await item.getFile().catch(() => undefined);
      if (file !== undefined && !(depth > 0 && isOfSystem(file.name))) files.push(file);
    } else if (depth < MAX_DEPTH) {
      try {
        for await (const entry of item.getEntries()) {
          await take(entry, depth + 1);
          if (entries > MAX_ENTRIES) return;
        }
      } catch {
        // A folder that may not be opened, or that is gone by now.
      }
    }
  };
  for (const item of items) await take(item, 0);
  return files;
};
