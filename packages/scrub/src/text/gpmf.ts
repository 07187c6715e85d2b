/**
 * What GoPro's telemetry says of places and devices (GPMF: github.com/gopro/gpmf-parser, "GPMF Raw Data Format"): a key of
 * four letters, a type, the bytes of one value, how many; values are padded to four bytes, and type 0 holds more keys.
 */
import { latin1, u16be, u32be } from "../core/bytes.ts";
import type { Findings } from "../core/findings.ts";
import { decodeText } from "./decode.ts";

/** Real ones have three levels and some hundred keys. */
const MAX_DEPTH = 5;
const MAX_KEYS = 2000;

/** Where latitude stands in a value, in ten-millionths of a degree; longitude stands behind it. */
const LATITUDE_AT: ReadonlyMap<string, number> = new Map([
  ["GPS5", 0],
  ["GPS9", 0],
  ["GLPI", 4],
  ["GPRI", 8],
]);

/** "yymmddhhmmss.sss" of the satellites, which is UTC. */
const momentOf = (text: string): string | null => {
  const [, ...parts] = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/u.exec(text) ?? [];
  const [y, mo, d, h, mi, s] = parts;
  return s === undefined ? null : `20${y}-${mo}-${d}T${h}:${mi}:${s}Z`;
};

class Reader {
  readonly #where: string;
  readonly #findings: Findings;
  readonly #said = new Set<string>();
  #keys = 0;
  /** A place was found that is no "not known yet". */
  placed = false;

  constructor(where: string, findings: Findings) {
    this.#where = where;
    this.#findings = findings;
  }

  #say(kind: "location" | "time" | "device", name: string, value: string, severity: "high" | "medium"): void {
    // One of each kind is enough: a track has thousands of places and times.
    const once = kind === "device" ? `${name} ${value}` : name;
    if (value === "" || this.#said.has(once)) return;
    this.#said.add(once);
    this.#findings.add(kind, this.#where, name, value, severity);
  }

  #place(data: Uint8Array, at: number): void {
    const [latitude, longitude] = [at, at + 4].map((from) => (u32be(data, from) | 0) / 1e7);
    if (latitude === undefined || longitude === undefined || at + 8 > data.length) return;
    // Before the satellites are found both are zero.
    if ((latitude === 0 && longitude === 0) || Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return;
    this.#say("location", "GPSPosition", `${Number(latitude.toFixed(6))}, ${Number(longitude.toFixed(6))}`, "high");
    this.placed = true;
  }

  read(bytes: Uint8Array, depth = 0): void {
    if (depth === 0) this.#keys = 0;
    for (let at = 0; at + 8 <= bytes.length && this.#keys < MAX_KEYS;) {
      this.#keys += 1;
      const key = latin1(bytes, at, 4);
      const length = (bytes[at + 5] ?? 0) * u16be(bytes, at + 6);
      if (at + 8 + length > bytes.length) return;
      const data = bytes.subarray(at + 8, at + 8 + length);
      const latitudeAt = LATITUDE_AT.get(key);
      if (bytes[at + 4] === 0) {
        if (depth < MAX_DEPTH) this.read(data, depth + 1);
      } else if (latitudeAt !== undefined) this.#place(data, latitudeAt);
      else if (key === "GPSU") this.#say("time", "GPSDateTime", momentOf(decodeText(data)) ?? "", "high");
      else if (key === "CASN") this.#say("device", "SerialNumber", decodeText(data), "high");
      else if (key === "LINF") this.#say("device", "LensSerialNumber", decodeText(data), "high");
      else if (key === "MINF") this.#say("device", "Model", decodeText(data), "medium");
      else if (key === "FMWR") this.#say("device", "Firmware", decodeText(data), "medium");
      at += 8 + ((length + 3) & ~3);
    }
  }
}

/**
 * Adds places, times, models and serial numbers, each once however often it is called. What it answers says whether a
 * place was found so far.
 */
export const gpmfReport = (where: string, findings: Findings): ((bytes: Uint8Array) => boolean) => {
  const reader = new Reader(where, findings);
  return (bytes) => {
    reader.read(bytes);
    return reader.placed;
  };
};
