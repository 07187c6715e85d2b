/** Open bitstream units of AV1 (AV1 specification, 5.3): metadata units and padding go, all else is copied. */
import { join } from "../core/bytes.ts";
import type { Output } from "../core/pieces.ts";
import { damaged, doubtful } from "../core/refuse.ts";
import type { Window } from "../core/window.ts";
import { type Findings, sizeText } from "../core/findings.ts";
import { refuseText } from "./text-run.ts";

const SEQUENCE_HEADER = 1;
const TEMPORAL_DELIMITER = 2;
const METADATA = 5;
/** Frame header, tile group, frame, redundant frame header, tile list. */
const PICTURE: ReadonlySet<number> = new Set([3, 4, 6, 7, 8]);
const MAX_UNITS = 65_536;
/** With all operating points and timing a sequence header has some two hundred. */
const MAX_SEQUENCE_HEADER_BYTES = 512;
/** Content light level and mastering display (5.8.3, 5.8.4): type, values, end mark. */
const METADATA_BYTES: ReadonlyMap<number, number> = new Map([
  [1, 6],
  [2, 26],
]);

/** Counts what was left out. */
export class ObuReport {
  #units = 0;
  #sizeBytes = 0;
  add(sizeBytes: number): void {
    this.#units += 1;
    this.#sizeBytes += sizeBytes;
  }
  write(where: string, findings: Findings): void {
    if (this.#units > 0)
      findings.add(
        "editing",
        where,
        "AV1 metadata or padding",
        `${this.#units} times, ${sizeText(this.#sizeBytes)}`,
        "medium",
      );
  }
}

interface Unit {
  readonly type: number;
  readonly body: number;
  readonly end: number;
}

const readUnit = (head: Uint8Array, at: number, end: number): Unit => {
  const first = head[0] ?? 0;
  if ((first & 0x81) !== 0) throw damaged("an AV1 unit's header is wrong");
  const type = (first >> 3) & 15;
  let used = (first & 4) === 0 ? 1 : 2;
  if ((first & 2) === 0) return { type, body: at + used, end };
  let size = 0;
  for (let i = 0; ; i += 1) {
    const byte = head[used];
    if (byte === undefined || i >= 8) throw damaged("an AV1 unit's size is wrong");
    size += (byte & 127) * 2 ** (7 * i);
    used += 1;
    if ((byte & 128) === 0) break;
  }
  if (at + used + size > end) throw damaged("a sample's units do not fit into it");
  return { type, body: at + used, end: at + used + size };
};

const isKept = (type: number, sizeBytes: number, body: Uint8Array): boolean => {
  if (PICTURE.has(type)) return true;
  if (type === TEMPORAL_DELIMITER) return sizeBytes === 0;
  if (type === METADATA) return METADATA_BYTES.get(body[0] ?? 0) === sizeBytes;
  if (type !== SEQUENCE_HEADER) return false;
  if (sizeBytes > MAX_SEQUENCE_HEADER_BYTES) throw doubtful("a sequence header is too large");
  refuseText(body, "a sequence header holds text");
  return true;
};

/** Copies one sample's units; answers how many bytes came out. */
export const copyObus = async (
  window: Window,
  from: number,
  length: number,
  output: Output,
  report: ObuReport,
): Promise<number> => {
  const before = output.sizeBytes;
  const end = from + length;
  let units = 0;
  for (let at = from; at < end;) {
    units += 1;
    if (units > MAX_UNITS) throw doubtful("a sample is cut into too many units");
    const unit = readUnit(await window.view(at, Math.min(16, end - at)), at, end);
    const sizeBytes = unit.end - unit.body;
    if (unit.body > end) throw damaged("a sample's units do not fit into it");
    const body = await window.view(unit.body, Math.min(sizeBytes, MAX_SEQUENCE_HEADER_BYTES));
    if (isKept(unit.type, sizeBytes, body)) output.copy(at, unit.end - at);
    else report.add(unit.end - at);
    at = unit.end;
  }
  return output.sizeBytes - before;
};

/** The units of `av1C` (AV1 in ISO BMFF, 2.3.3) that may stay: a sequence header and metadata, no part of a picture. */
export const cleanConfigObus = (bytes: Uint8Array, report: ObuReport): Uint8Array => {
  const kept: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const unit = readUnit(bytes.subarray(at, at + 16), at, bytes.length);
    const body = bytes.subarray(unit.body, unit.end);
    if (unit.body > bytes.length) throw damaged("the AV1 configuration is wrong");
    const belongs = unit.type === SEQUENCE_HEADER || unit.type === METADATA;
    if (belongs && isKept(unit.type, body.length, body)) kept.push(bytes.slice(at, unit.end));
    else report.add(unit.end - at);
    at = unit.end;
  }
  return join(...kept);
};
