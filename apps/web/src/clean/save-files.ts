/** Handing clean copies to the person: as downloads, or to the share sheet of a phone. */
import type { CleanFile } from "./clean-file.ts";
import { neutralName } from "./formats.ts";
import { makeZip } from "./zip.ts";

export interface ReadyCopy {
  readonly name: string;
  readonly file: Blob;
  readonly crc32: number;
}

export const copiesOf = (files: readonly CleanFile[]): readonly ReadyCopy[] =>
  files.flatMap(({ state }) =>
    state.kind === "cleaned" ? [{ name: state.copyName, file: state.copy.file, crc32: state.copy.crc32 }] : [],
  );

/** Browsers begin a download after the click; the address must live until then. */
const ADDRESS_MS = 60_000;

export const saveFile = (file: Blob, name: string): void => {
  const address = URL.createObjectURL(file);
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), ADDRESS_MS);
};

/** As one archive; answers its name, or undefined if they are too large for one. */
export const saveTogether = (copies: readonly ReadyCopy[]): string | undefined => {
  const zip = makeZip(copies);
  if (zip === null) return undefined;
  const name = neutralName("zip");
  saveFile(zip, name);
  return name;
};

/** The time of the file is the beginning of 1970: it says nothing. */
const asFiles = (copies: readonly ReadyCopy[]): File[] =>
  copies.map(({ name, file }) => new File([file], name, { type: file.type, lastModified: 0 }));

/** Whether this browser can hand such files to other apps. */
export const canShare = (copies: readonly ReadyCopy[]): boolean =>
  copies.length > 0 && typeof navigator.canShare === "function" && navigator.canShare({ files: asFiles(copies) });

/** False if the person changed their mind, or the system would not. */
export const share = async (copies: readonly ReadyCopy[]): Promise<boolean> => {
  try {
    // Files only: a title or text could say where they come from.
    await navigator.share({ files: asFiles(copies) });
    return true;
  } catch {
    return false;
  }
};
