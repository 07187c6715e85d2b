/** Strips and tiles: how each kind of compression is copied so that nothing comes along behind the pixels. */
import { startsWith } from "../core/bytes.ts";
import { type Findings, sizeText } from "../core/findings.ts";
import { refuseText } from "../core/hidden-text.ts";
import type { Options } from "../core/parsed.ts";
import { Output } from "../core/pieces.ts";
import { damaged, unsupported } from "../core/refuse.ts";
import type { Window } from "../core/window.ts";
import { Inflater } from "../deflate/inflate.ts";
import { parseJpeg } from "../jpeg/parse.ts";
import type { Source } from "../source.ts";

export interface Part {
  readonly at: number;
  readonly lengthBytes: number;
  /** Bytes of its rows before they are compressed; null where that isn't known. */
  readonly rowsBytes: number | null;
}

/** None, CCITT (2, 3, 4), LZW, JPEG, deflate (two numbers), PackBits, LZMA, Zstandard. */
const KNOWN = new Set([1, 2, 3, 4, 5, 7, 8, 32_773, 32_946, 34_925, 50_000]);

export const checkCompression = (compression: number): void => {
  if (KNOWN.has(compression)) return;
  throw unsupported(
    compression === 6
      ? "TIFF with the old kind of JPEG is not cleaned here"
      : "this compression of TIFF is not cleaned here",
  );
};

export const copyPart = async (
  source: Source,
  window: Window,
  compression: number,
  part: Part,
  findings: Findings,
  options: Options,
): Promise<Output> => {
  const output = new Output();
  if (compression === 7) return copyJpeg(source, part, findings, options);
  let length = part.lengthBytes;
  if (compression === 1 && part.rowsBytes !== null) length = Math.min(length, part.rowsBytes);
  else if (compression === 8 || compression === 32_946) length = await deflatedBytes(window, part);
  else if (compression === 32_773 && part.rowsBytes !== null) length = await packedBytes(window, part, part.rowsBytes);
  else if (compression !== 1) await refuseText(window, part.at, length);
  if (length < part.lengthBytes) {
    findings.add("other", "picture", "data behind the pixels", sizeText(part.lengthBytes - length), "high");
  }
  output.copy(part.at, length);
  return output;
};

/** Each strip is a JPEG file but for the tables, and has its own places to hide something in. */
const copyJpeg = async (source: Source, part: Part, findings: Findings, options: Options): Promise<Output> => {
  const { at, lengthBytes } = part;
  const within: Source = {
    sizeBytes: lengthBytes,
    read: (offset, length) => source.read(at + offset, Math.max(0, Math.min(length, lengthBytes - offset))),
  };
  if (!startsWith(await within.read(0, 2), "\u00ff\u00d8")) throw damaged("a JPEG within the file is none");
  const parsed = await parseJpeg(within, options);
  for (const { kind, where, name, value, severity } of parsed.findings.all())
    findings.add(kind, `JPEG within, ${where}`, name, value, severity);
  const output = new Output();
  for (const piece of parsed.output.pieces) {
    if ("bytes" in piece) output.add(piece.bytes);
    else output.copy(at + piece.from, piece.length);
  }
  return output;
};

const deflatedBytes = async (window: Window, { at, lengthBytes, rowsBytes }: Part): Promise<number> => {
  const inflater = new Inflater(rowsBytes ?? 2 ** 40, "count");
  let used = 0;
  for (let done = 0; done < lengthBytes && inflater.state === "open";) {
    const bytes = (await window.block(at + done)).subarray(0, lengthBytes - done);
    used += inflater.push(bytes);
    done += bytes.length;
  }
  if (inflater.state !== "done") throw damaged("the compressed pixels are wrong");
  return used;
};

/** PackBits (TIFF 6.0, section 9). */
const packedBytes = async (window: Window, { at, lengthBytes }: Part, rowsBytes: number): Promise<number> => {
  let done = 0;
  let out = 0;
  while (done < lengthBytes && out < rowsBytes) {
    const [head = 0] = await window.view(at + done, 1);
    if (head < 128) {
      done += 2 + head;
      out += 1 + head;
    } else {
      done += head === 128 ? 1 : 2;
      out += head === 128 ? 0 : 257 - head;
    }
  }
  return Math.min(done, lengthBytes);
};
