/**
 * ICC profiles (ICC.1:2022): what tells colours stays, what tells who, when and with what goes. A profile is built anew
 * from the tags on the list; its texts are empty, its header's maker, model, creator, dates and identifier are zero.
 */
import { be32, join, latin1, sameBytes, startsWith, u16be, u32be } from "../core/bytes.ts";
import type { Findings } from "../core/findings.ts";
import { decodeText, decodeUtf16 } from "../text/decode.ts";

/** Larger ones are printers' tables of unusual size; no picture from a camera or a page has one. */
export const MAX_PROFILE_BYTES = 16 << 20;
const MAX_TAGS = 200;

/** Tags that colour management computes with. */
const COLOUR_TAGS: ReadonlySet<string> = new Set(
  "rXYZ gXYZ bXYZ rTRC gTRC bTRC kTRC wtpt bkpt chad lumi cicp A2B0 A2B1 A2B2 B2A0 B2A1 B2A2 D2B0 D2B1 D2B2 D2B3 B2D0 B2D1 B2D2 B2D3 gamt pre0 pre1 pre2".split(
    " ",
  ),
);

interface Tag {
  readonly signature: string;
  readonly data: Uint8Array;
}

const pad4 = (length: number): number => (length + 3) & ~3;

/** The part of an element that its own type says it has: nothing may hide behind it. Null if it is too short. */
const exactElement = (data: Uint8Array): Uint8Array | null => {
  const type = latin1(data, 0, 4);
  let size = data.length;
  if (type === "XYZ ") size = 20;
  else if (type === "curv") size = 12 + 2 * u32be(data, 8);
  else if (type === "para") size = 12 + 4 * ([1, 3, 4, 5, 7][u16be(data, 8)] ?? Number.NaN);
  else if (type === "sf32") size = 44;
  else if (type === "cicp") size = 12;
  else if (type === "mft1" || type === "mft2") {
    const [inputs = 0, outputs = 0, grid = 0] = data.subarray(8, 11);
    const wide = type === "mft2" ? 2 : 1;
    const entries = type === "mft2" ? [u16be(data, 48), u16be(data, 50)] : [256, 256];
    const head = type === "mft2" ? 52 : 48;
    size = head + wide * ((entries[0] ?? 0) * inputs + grid ** inputs * outputs + (entries[1] ?? 0) * outputs);
  } else if (type !== "mAB " && type !== "mBA " && type !== "mpet") return null;
  if (!(size <= data.length) || size < 12) return null;
  const exact = data.slice(0, size);
  exact.fill(0, 4, 8); // Reserved
  return exact;
};

const textTag = (signature: string, major: number): Tag => {
  // Both are required in every profile (8.2); empty ones say nothing. Version 2 wants its older text types.
  const mluc = join(new Uint8Array([0x6d, 0x6c, 0x75, 0x63, 0, 0, 0, 0]), be32(0), be32(12));
  if (major >= 4) return { signature, data: mluc };
  if (signature === "cprt") return { signature, data: Uint8Array.of(0x74, 0x65, 0x78, 0x74, 0, 0, 0, 0, 0) };
  const desc = new Uint8Array(12 + 1 + 8 + 3 + 67);
  desc.set([0x64, 0x65, 0x73, 0x63]);
  desc[11] = 1;
  return { signature, data: desc };
};

const readTags = (profile: Uint8Array): readonly Tag[] | null => {
  const count = u32be(profile, 128);
  if (count > MAX_TAGS || 132 + 12 * count > profile.length) return null;
  const tags: Tag[] = [];
  for (let i = 0; i < count; i += 1) {
    const at = 132 + 12 * i;
    const offset = u32be(profile, at + 4);
    const size = u32be(profile, at + 8);
    if (offset + size > profile.length) return null;
    tags.push({ signature: latin1(profile, at, 4), data: profile.subarray(offset, offset + size) });
  }
  return tags;
};

const cleanHeader = (profile: Uint8Array): Uint8Array => {
  const header = profile.slice(0, 128);
  header.fill(0, 4, 8); // Preferred colour management module: names a vendor
  header.fill(0, 24, 36); // Date and time
  header.fill(0, 40, 44); // Primary platform
  header.fill(0, 48, 64); // Manufacturer, model, attributes
  header.fill(0, 80, 128); // Creator, identifier, reserved
  return header;
};

/** The profile without what identifies, or null if it is no profile that could be rebuilt. Deterministic. */
export const cleanProfile = (profile: Uint8Array): Uint8Array | null => {
  if (profile.length < 132 || profile.length > MAX_PROFILE_BYTES || !startsWith(profile, "acsp", 36)) return null;
  const tags = readTags(profile);
  if (tags === null) return null;
  const major = profile[8] ?? 2;
  const kept: Tag[] = [textTag("desc", major), textTag("cprt", major)];
  for (const { signature, data } of tags) {
    if (!COLOUR_TAGS.has(signature) || kept.some((tag) => tag.signature === signature)) continue;
    const exact = exactElement(data);
    if (exact === null) return null;
    kept.push({ signature, data: exact });
  }
  if (kept.length === 2) return null;
  const table: Uint8Array[] = [be32(kept.length)];
  const bodies: Uint8Array[] = [];
  const placed: { readonly data: Uint8Array; readonly offset: number }[] = [];
  let at = 132 + 12 * kept.length;
  for (const { signature, data } of kept) {
    // Profiles share one curve between channels; ours does too, so that it doesn't grow.
    const shared = placed.find((one) => sameBytes(one.data, data));
    const offset = shared?.offset ?? at;
    table.push(
      Uint8Array.from(signature, (c) => c.charCodeAt(0)),
      be32(offset),
      be32(data.length),
    );
    if (shared !== undefined) continue;
    placed.push({ data, offset });
    const padded = new Uint8Array(pad4(data.length));
    padded.set(data);
    bodies.push(padded);
    at += padded.length;
  }
  const clean = join(cleanHeader(profile), ...table, ...bodies);
  clean.set(be32(clean.length), 0);
  return clean;
};

const headerText = (profile: Uint8Array, at: number): string => decodeText(profile.subarray(at, at + 4)).trim();

const elementText = (data: Uint8Array): string => {
  const type = latin1(data, 0, 4);
  if (type === "mluc") return decodeUtf16(data.subarray(u32be(data, 24), u32be(data, 24) + u32be(data, 20)), false);
  if (type === "desc") return decodeText(data.subarray(12, 12 + u32be(data, 8)));
  return decodeText(data.subarray(8));
};

/**
 * Adds what the profile says beyond colours, and answers what `cleanProfile` does. Nothing is added for one that would be
 * left as it is.
 */
export const reportProfile = (profile: Uint8Array, where: string, findings: Findings): Uint8Array | null => {
  const clean = cleanProfile(profile);
  if (clean === null) {
    findings.add("other", where, "colour profile", `${profile.length} bytes, not usable`, "low");
    return null;
  }
  if (sameBytes(clean, profile)) return clean;
  const before = findings.list.length;
  const date = [24, 26, 28, 30, 32, 34].map((at) => u16be(profile, at));
  if (date.some((part) => part !== 0)) {
    const [y = 0, ...rest] = date;
    const [mo = "", d = "", h = "", mi = "", s = ""] = rest.map((part) => String(part).padStart(2, "0"));
    findings.add("time", where, "ProfileDateTime", `${y}-${mo}-${d} ${h}:${mi}:${s}`, "low");
  }
  for (const [at, name] of [
    [48, "DeviceManufacturer"],
    [52, "DeviceModel"],
    [80, "ProfileCreator"],
    [4, "ProfileCMMType"],
  ] as const) {
    const text = headerText(profile, at);
    if (text !== "" && text !== "none") findings.add("device", where, name, text, "low");
  }
  for (const { signature, data } of readTags(profile) ?? []) {
    if (COLOUR_TAGS.has(signature)) continue;
    const text = ["mluc", "desc", "text"].includes(latin1(data, 0, 4)) ? elementText(data) : `${data.length} bytes`;
    if (text !== "") findings.add("device", where, `profile ${signature}`, text, "low");
  }
  if (findings.list.length === before)
    findings.add("other", where, "colour profile", "padding or an identifier", "low");
  return clean;
};
