/** EXIF (CIPA DC-008): the orientation in the first directory of the TIFF structure that EXIF is. */
import type { ByteView } from "./header.ts";

const ORIENTATION = 0x0112;

/** 1 to 8 for the EXIF data at `start`; 1 if it says nothing or is damaged. */
export function readOrientation(view: ByteView, start: number): number {
  const order = view.text(start, 2);
  if (order !== "II" && order !== "MM") return 1;
  const littleEndian = order === "II";
  const directory = start + view.u32(start + 4, littleEndian);
  const entries = view.u16(directory, littleEndian);
  for (let i = 0; i < entries; i++) {
    const at = directory + 2 + i * 12;
    if (view.u16(at, littleEndian) !== ORIENTATION) continue;
    const value = view.u16(at + 8, littleEndian);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}
