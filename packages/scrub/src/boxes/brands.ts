/** The file type box (ISO/IEC 14496-12, 4.3): brands that say how to read stay, those that say who wrote go. */
import { ascii, be32, latin1, u32be } from "../core/bytes.ts";
import type { Findings } from "../core/findings.ts";
import { damaged } from "../core/refuse.ts";
import { makeBox } from "./box.ts";

export interface Brands {
  readonly major: string;
  readonly minor: number;
  readonly compatible: readonly string[];
}

/** `body` is the content of the box. */
export const readBrands = (body: Uint8Array): Brands => {
  if (body.length < 8) throw damaged("the file type is cut off");
  const compatible: string[] = [];
  for (let at = 8; at + 4 <= body.length && compatible.length < 256; at += 4) compatible.push(latin1(body, at, 4));
  return { major: latin1(body, 0, 4), minor: u32be(body, 4), compatible };
};

/** The box anew. What is not in `known` is left out and reported; a major brand unknown becomes `otherwise`. */
export const cleanBrands = (
  { major, minor, compatible }: Brands,
  known: ReadonlySet<string>,
  otherwise: string,
  findings: Findings,
): Uint8Array => {
  const kept = [...new Set(compatible.filter((brand) => known.has(brand)))];
  const gone = new Set([major, ...compatible].filter((brand) => !known.has(brand) && brand !== "\0\0\0\0"));
  if (gone.size > 0) findings.add("device", "box ftyp", "brands", [...gone].join(", "), "low");
  if (minor !== 0) findings.add("editing", "box ftyp", "minor version", `0x${minor.toString(16)}`, "low");
  const first = known.has(major) ? major : otherwise;
  if (!kept.includes(first)) kept.unshift(first);
  return makeBox("ftyp", ascii(first), be32(0), ...kept.map((brand) => ascii(brand)));
};
