/**
 * JPEG XL (ISO/IEC 18181-2): the container anew from the codestream and its level, or the bare codestream. The data that
 * would rebuild an original JPEG with all that it held (`jbrd`) goes as well. The codestream itself is copied: its own
 * colour profile is packed with the pixels and stays, and so do its pixels' neighbours such as depth, which is why a
 * codestream with a preview or text within it is refused.
 */
import { ascii, be32, join, sameBytes, startsWith } from "../core/bytes.ts";
import { Findings, sizeText } from "../core/findings.ts";
import type { Parser } from "../core/parsed.ts";
import { Output } from "../core/pieces.ts";
import { damaged, doubtful } from "../core/refuse.ts";
import { findMarks, reportTrailer } from "../core/trailer.ts";
import { Window } from "../core/window.ts";
import type { Box } from "../boxes/box.ts";
import { readTopBoxes, reportTopBox } from "../boxes/top.ts";
import { findTextRun } from "../codec/text-run.ts";
import { reportExif } from "../exif/exif.ts";
import { reportXmp } from "../text/xmp.ts";
import { latin1, u32be } from "../core/bytes.ts";
import { readHeader } from "./header.ts";

const SIGNATURE = ascii("\0\0\0\u000cJXL \r\n\u0087\n");
const FILE_TYPE = ascii("\0\0\0\u0014ftypjxl \0\0\0\0jxl ");
const MAX_READ_BYTES = 4 << 20;
/** A run of so many letters and digits does not come about in coded pixels (one in 10^14 bytes). */
const TEXT_RUN = 24;

/** Refuses a codestream that holds text or whole files: where its last frame ends is known to a decoder only. */
const checkCodestream = async (window: Window, from: number, to: number, check: () => void): Promise<void> => {
  for (let at = from; at < to;) {
    check();
    const block = (await window.block(at, 64)).subarray(0, to - at);
    if (findTextRun(block, TEXT_RUN) >= 0 || findMarks(block).length > 0)
      throw doubtful("something other than pixels is in the codestream");
    if (at + block.length >= to) break;
    at += Math.max(1, block.length - 63);
  }
};

const reportMetadata = async (window: Window, box: Box, findings: Findings): Promise<void> => {
  const sizeBytes = box.end - box.body;
  const bytes = await window.take(box.body, Math.min(sizeBytes, MAX_READ_BYTES));
  const where = `box ${box.type}`;
  const before = findings.list.length;
  if (box.type === "Exif") reportExif(bytes.subarray(4 + u32be(bytes, 0)), where, findings);
  else if (box.type === "xml ") reportXmp(bytes, where, findings);
  else if (box.type === "brob")
    findings.add("other", where, `packed ${latin1(bytes, 0, 4).trim()}`, sizeText(sizeBytes), "high");
  else if (box.type === "jbrd")
    findings.add("hidden_media", where, "original JPEG's data", sizeText(sizeBytes), "medium");
  else if (box.type === "jhgm") findings.add("hidden_media", where, "gain map", sizeText(sizeBytes), "medium");
  else if (box.type === "jxli") return;
  else return reportTopBox(window, box, findings);
  if (findings.list.length === before) findings.add("other", where, "data", sizeText(sizeBytes), "medium");
};

const boxHead = (type: string, sizeBytes: number): Uint8Array => {
  if (sizeBytes + 8 > 0xffff_ffff) throw doubtful("the codestream is larger than 4 GB");
  return join(be32(sizeBytes + 8), ascii(type));
};

export const parseJxl: Parser = async (source, { signal }) => {
  const window = new Window(source);
  const findings = new Findings();
  const check = (): void => signal?.throwIfAborted();
  const output = new Output();
  const start = await window.take(0, Math.min(12, window.sizeBytes));
  if (startsWith(start, "\u00ff\n")) {
    readHeader(await window.take(0, Math.min(1024, window.sizeBytes)));
    await checkCodestream(window, 0, window.sizeBytes, check);
    output.copy(0, window.sizeBytes);
    return { findings, trailingBytes: 0, output, kept: [] };
  }
  if (!sameBytes(start, SIGNATURE)) throw damaged("the signature is wrong");
  const { boxes, end } = await readTopBoxes(window, check, ["JXL "]);
  output.add(join(SIGNATURE, FILE_TYPE));
  const kept: string[] = [];
  let state: "none" | "parts" | "done" = "none";
  let parts = 0;
  for (const box of boxes) {
    const sizeBytes = box.end - box.body;
    if (box.type === "JXL " || box.type === "ftyp") continue;
    if (box.type === "jxll" && sizeBytes >= 1 && kept.length === 0 && state === "none") {
      output.add(join(boxHead("jxll", 1), await window.take(box.body, 1)));
      kept.push("codestream level");
    } else if (box.type === "jxlc" && state === "none") {
      readHeader(await window.take(box.body, Math.min(1024, sizeBytes)));
      await checkCodestream(window, box.body, box.end, check);
      output.add(boxHead("jxlc", sizeBytes));
      output.copy(box.body, sizeBytes);
      state = "done";
    } else if (box.type === "jxlp" && state !== "done") {
      if (sizeBytes < 4) throw damaged("a part of the codestream is cut off");
      const index = u32be(await window.take(box.body, 4), 0);
      if (index % 0x8000_0000 !== parts) throw damaged("the parts of the codestream are out of order");
      if (parts === 0 && sizeBytes > 4) readHeader(await window.take(box.body + 4, Math.min(1024, sizeBytes - 4)));
      await checkCodestream(window, box.body + 4, box.end, check);
      parts += 1;
      state = index >= 0x8000_0000 ? "done" : "parts";
      output.add(boxHead("jxlp", sizeBytes));
      output.copy(box.body, sizeBytes);
    } else await reportMetadata(window, box, findings);
  }
  if (state !== "done") throw damaged("the codestream is missing or cut off");
  await reportTrailer(window, end, findings);
  return { findings, trailingBytes: window.sizeBytes - end, output, kept };
};
