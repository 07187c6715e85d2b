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
  switch (treatmentOf(unit, options)) {
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

const treatmentOf = (head: Uint8Array, { codec, keepRpu }: NalOptions): Treatment => {
  const first = head[0] ?? 0;
  if (codec === "avc") return AVC.get(first & 31) ?? "drop";
  // A layer other than the base is another view or an auxiliary picture (F.3).
  if ((first & 1) !== 0 || (head[1] ?? 0) >> 3 !== 0) return "drop";
  const treatment = hevcTreatment((first >> 1) & 63);
  return treatment === "rpu" && !keepRpu ? "drop" : treatment;
};

/** Copies one sample's units; answers how many bytes came out. */
export const copyNals = async (
  window: Window,
  from: number,
  length: number,
  output: Output,
  options: NalOptions,
): Promise<number> => {
  const { lengthBytes, codec, report } = options;
  const before = output.sizeBytes;
  const end = from + length;
  let units = 0;
  for (let at = from; at < end;) {
    units += 1;
    if (units > MAX_UNITS) throw doubtful("a sample is cut into too many units");
    if (at + lengthBytes > end) throw damaged("a sample's units do not fit into it");
    const head = await window.view(at, Math.min(lengthBytes + 2, end - at));
    let size = 0;
    for (let i = 0; i < lengthBytes; i += 1) size = size * 256 + (head[i] ?? 0);
    const body = at + lengthBytes;
    if (body + size > end) throw damaged("a sample's units do not fit into it");
    const start = head.subarray(lengthBytes);
    const treatment = size < (codec === "avc" ? 1 : 2) ? "drop" : treatmentOf(start, options);
    if (treatment === "copy" || treatment === "rpu") output.copy(at, lengthBytes + size);
    else if (treatment === "drop" || size > MAX_UNIT_BYTES) {
      if (size > 0) report.unit(codec, start[0] ?? 0, size);
    } else {
      const treated = treatUnit(await window.view(body, size), options);
      if (treated === "copy") output.copy(at, lengthBytes + size);
      else if (treated === "drop") report.unit(codec, start[0] ?? 0, size);
      else {
        report.unit(codec, start[0] ?? 0, size);
        output.add(lengthPrefix(treated.length, lengthBytes));
        output.add(treated);
      }
    }
    at = body + size;
  }
  return output.sizeBytes - before;
};
