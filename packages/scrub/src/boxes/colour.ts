/** Boxes that tell colours, sizes and turning: the same in pictures and videos (ISO/IEC 14496-12, 12.1.4 and 12.1.5). */
import { ascii, join, latin1 } from "../core/bytes.ts";
import { type Findings, sizeText } from "../core/findings.ts";
import { reportProfile } from "../icc/profile.ts";
import { type Box, makeBox } from "./box.ts";

/** Content of `colr` anew, or null where it is of no use; what it says beyond colours is reported. */
export const cleanColour = (body: Uint8Array, where: string, findings: Findings): Uint8Array | null => {
  const type = latin1(body, 0, 4);
  if (type === "nclx" && body.length >= 11)
    return makeBox("colr", body.slice(0, 10), Uint8Array.of((body[10] ?? 0) & 0x80));
  if (type === "nclc" && body.length >= 10) return makeBox("colr", body.slice(0, 10));
  if (type !== "prof" && type !== "rICC") {
    findings.add("other", where, "colour", sizeText(body.length), "low");
    return null;
  }
  const profile = body.subarray(4);
  const clean = reportProfile(profile, `${where} ICC`, findings);
  return clean === null ? null : makeBox("colr", join(ascii(type), clean));
};

/** Boxes of one size that are copied as they are, with the size of their content. */
const FIXED: ReadonlyMap<string, number> = new Map([
  ["pasp", 8],
  ["clap", 32],
  ["mdcv", 24],
  ["clli", 4],
  ["amve", 8],
  ["fiel", 2],
  ["gama", 4],
]);

/** The box cut to its size, or null if it is not one of them or too short. */
export const copyFixed = (type: string, body: Uint8Array): Uint8Array | null => {
  const size = FIXED.get(type);
  return size === undefined || body.length < size ? null : makeBox(type, body.slice(0, size));
};

/** Adds that something stood behind what a box says, if nothing else was said of it and what is left is shorter. */
export const reportShorter = (
  { type, at, end }: Box,
  sizeBytes: number,
  isReported: boolean,
  findings: Findings,
): void => {
  const less = end - at - sizeBytes;
  if (less > 0 && !isReported) findings.add("other", `box ${type}`, "appended data", sizeText(less), "low");
};
