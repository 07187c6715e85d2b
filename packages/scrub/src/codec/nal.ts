/**
 * NAL units of H.264 (ITU-T H.264, 7.3.1 and Annex B is not used) and HEVC (ITU-T H.265, 7.3.1) as samples hold them:
 * each behind its length. What decoding and showing needs is copied as it is; messages from encoders, captions, time
 * codes, filling and units without meaning are left out. No picture changes.
 */
import { be32 } from "../core/bytes.ts";
import type { Output } from "../core/pieces.ts";
import { damaged, doubtful } from "../core/refuse.ts";
import type { Window } from "../core/window.ts";
import { cleanSei, type SeiReport } from "./sei.ts";
import { refuseText } from "./text-run.ts";

export type NalCodec = "avc" | "hevc";

type Treatment = "copy" | "set" | "sei" | "aud" | "empty" | "rpu" | "drop";

const AVC: ReadonlyMap<number, Treatment> = new Map<number, Treatment>([
  [1, "copy"],
  [2, "copy"],
  [3, "copy"],
  [4, "copy"],
  [5, "copy"],
  [6, "sei"],
  [7, "set"],
  [8, "set"],
  [9, "aud"],
  [10, "empty"],
  [11, "empty"],
  [13, "set"],
]);

const hevcTreatment = (type: number): Treatment => {
  if (type <= 9 || (type >= 16 && type <= 21)) return "copy";
  if (type >= 32 && type <= 34) return "set";
  if (type === 35) return "aud";
  if (type === 36 || type === 37) return "empty";
  if (type === 39 || type === 40) return "sei";
  return type === 62 ? "rpu" : "drop";
};

/** Larger messages and parameter sets are no honest ones. */
const MAX_UNIT_BYTES = 1 << 16;
const MAX_UNITS = 65_536;

export interface NalOptions {
  readonly codec: NalCodec;
  /** Bytes of each length, 1, 2 or 4. */
  readonly lengthBytes: number;
  /** True where Dolby Vision's units belong to what is shown. */
  readonly keepRpu: boolean;
  readonly report: SeiReport;
}

const lengthPrefix = (length: number, bytes: number): Uint8Array => be32(length).subarray(4 - bytes);

/** What becomes of one unit: "copy", "drop", how many bytes of it are kept, or other bytes. */
export const treatUnit = (unit: Uint8Array, options: NalOptions): "copy" | "drop" | Uint8Array => {
  const { codec, report } = options;
  const headBytes = codec === "avc" ? 1 : 2;
  if (unit.length < headBytes) return "drop";
  switch (treatmentOf(unit[0] ?? 0, unit[1] ?? 0, options)) {
    case "copy":
    case "rpu":
      return "copy";
    case "set":
      if (unit.length > MAX_UNIT_BYTES) throw doubtful("a parameter set is too large");
      refuseText(unit, "a parameter set holds text");
      return "copy";
    case "sei":
      return unit.length > MAX_UNIT_BYTES ? "drop" : cleanSei(unit, headBytes, report);
    case "aud":
      return unit.length === headBytes + 1 ? "copy" : unit.slice(0, headBytes + 1);
    case "empty":
      return unit.length === headBytes ? "copy" : unit.slice(0, headBytes);
    case "drop":
      return "drop";
  }
};

/** By the first two bytes of a unit. */
const treatmentOf = (first: number, second: number, { codec, keepRpu }: NalOptions): Treatment => {
  if (codec === "avc") return AVC.get(first & 31) ?? "drop";
  // A layer other than the base is another view or an auxiliary picture (F.3).
  if ((first & 1) !== 0 || second >> 3 !== 0) return "drop";
  const treatment = hevcTreatment((first >> 1) & 63);
  return treatment === "rpu" && !keepRpu ? "drop" : treatment;
};

/**
 * As `treatUnit`, of a unit in a decoder configuration: parameter sets and messages belong there (14496-15, 5.3.3.1.2 and
 * 8.3.3.1.2). Decoders skip what else there is, and whatever stood in it would be kept as part of a picture.
 */
export const treatConfigUnit = (unit: Uint8Array, options: NalOptions): "copy" | "drop" | Uint8Array => {
  const treatment = treatmentOf(unit[0] ?? 0, unit[1] ?? 0, options);
  return treatment === "set" || treatment === "sei" ? treatUnit(unit, options) : "drop";
};

/** How far a sample was read. */
interface Progress {
  at: number;
  units: number;
  /** How many bytes from `at` on have to be in memory to go on. */
  neededBytes: number;
}

/** Copies one sample's units; answers how many bytes came out, at once where all that is looked at is in memory. */
export const copyNals = (
  window: Window,
  from: number,
  length: number,
  output: Output,
  options: NalOptions,
): number | Promise<number> => {
  const before = output.sizeBytes;
  const progress = { at: from, units: 0, neededBytes: 0 };
  if (copyInMemory(window, progress, from + length, output, options)) return output.sizeBytes - before;
  return copyRest(window, progress, from + length, output, options).then(() => output.sizeBytes - before);
};

const copyRest = async (
  window: Window,
  progress: Progress,
  end: number,
  output: Output,
  options: NalOptions,
): Promise<void> => {
  do await window.view(progress.at, progress.neededBytes);
  while (!copyInMemory(window, progress, end, output, options));
};

/** Goes on as far as what is in memory reaches; whether that was to the end. */
const copyInMemory = (
  window: Window,
  progress: Progress,
  end: number,
  output: Output,
  options: NalOptions,
): boolean => {
  const { lengthBytes, codec, report } = options;
  while (progress.at < end) {
    const { at } = progress;
    if (progress.units >= MAX_UNITS) throw doubtful("a sample is cut into too many units");
    if (at + lengthBytes > end) throw damaged("a sample's units do not fit into it");
    progress.neededBytes = Math.min(lengthBytes + 2, end - at);
    const place = window.placeNow(at, progress.neededBytes);
    if (place < 0) return false;
    const head = window.blockNow;
    let size = 0;
    for (let i = 0; i < lengthBytes; i += 1) size = size * 256 + (head[place + i] ?? 0);
    const body = at + lengthBytes;
    if (body + size > end) throw damaged("a sample's units do not fit into it");
    const isCut = size < (codec === "avc" ? 1 : 2);
    const first = head[place + lengthBytes] ?? 0;
    const second = head[place + lengthBytes + 1] ?? 0;
    const treatment = isCut ? "drop" : treatmentOf(first, second, options);
    if (treatment === "copy" || treatment === "rpu") output.copy(at, lengthBytes + size);
    else if (treatment === "drop" || size > MAX_UNIT_BYTES) {
      if (size > 0) report.unit(codec, first, size);
    } else {
      // With its length: what is loaded begins where reading goes on.
      progress.neededBytes = lengthBytes + size;
      const unit = window.peekNow(at, progress.neededBytes)?.subarray(lengthBytes);
      if (unit === undefined) return false;
      const treated = treatUnit(unit, options);
      if (treated === "copy") output.copy(at, lengthBytes + size);
      else if (treated === "drop") report.unit(codec, first, size);
      else {
        report.unit(codec, first, size);
        output.add(lengthPrefix(treated.length, lengthBytes));
        output.add(treated);
      }
    }
    progress.units += 1;
    progress.at = body + size;
  }
  return true;
};
