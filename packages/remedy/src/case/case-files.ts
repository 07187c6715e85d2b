/**
 * A case as a folder, or as one file: `case.json` is the whole of it and is what is read again; the rest is there to be
 * read by people. Names of files say nothing.
 */
import { toCalendar } from "../clock/calendar.ts";
import { clockOfLetter } from "./apply.ts";
import { type CaseFile, type CaseOutcome, readCase } from "./case.ts";
import { isSealed, type Random, seal, type SealOutcome, unseal, type UnsealOutcome } from "./seal.ts";
import { type Files, readZip, writeZip, type ZipOutcome } from "./zip.ts";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** More letters and replies than this are in `case.json` only, so that the folder stays one that can be looked through. */
const MAX_READABLE = 2000;

/** Paths and bytes, the same each time for the same case and time. Reminders are those of clocks that run. */
export const caseFiles = (given: CaseFile, nowMs: number): Files => {
  const files: Record<string, Uint8Array> = {
    "case.json": bytesOf(`${JSON.stringify(given, undefined, 2)}\n`),
    "reminders.ics": bytesOf(
      toCalendar(
        given.notices
          .filter(({ state }) => state === "sent" || state === "overdue")
          .map((notice) => ({ uid: notice.id, clock: clockOfLetter(notice, nowMs) })),
        nowMs,
      ),
    ),
  };
  for (const { id, letter } of given.notices.slice(0, MAX_READABLE)) {
    if (letter !== undefined) files[`letters/${id}.txt`] = bytesOf(`${letter.subject}\n\n${letter.body}\n`);
  }
  for (const { id, at, from, subject, text } of given.replies.slice(0, MAX_READABLE)) {
    files[`replies/${id}.txt`] = bytesOf([at, from ?? "", subject ?? "", "", text, ""].join("\n"));
  }
  return files;
};

/** One file: a ZIP, or with a passphrase a sealed one. */
export const packCase = async (
  given: CaseFile,
  nowMs: number,
  protect?: { readonly passphrase: string; readonly random: Random },
): Promise<SealOutcome> => {
  const bytes = writeZip(caseFiles(given, nowMs));
  if (bytes === undefined) return { ok: false, code: "case_too_large" };
  return protect === undefined ? { ok: true, bytes } : seal(bytes, protect.passphrase, protect.random);
};

export type UnpackOutcome =
  | CaseOutcome
  | Extract<ZipOutcome | UnsealOutcome, { readonly ok: false }>
  | { readonly ok: false; readonly code: "passphrase_needed" };

const parseCase = (bytes: Uint8Array): CaseOutcome => {
  try {
    return readCase(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)));
  } catch {
    return { ok: false, code: "case_invalid", at: "" };
  }
};

/** A case out of a ZIP, a sealed one, or a bare `case.json`. Never throws, whatever the bytes are. */
export const unpackCase = async (bytes: Uint8Array<ArrayBuffer>, passphrase?: string): Promise<UnpackOutcome> => {
  let content = bytes;
  if (isSealed(bytes)) {
    if (passphrase === undefined) return { ok: false, code: "passphrase_needed" };
    const opened = await unseal(bytes, passphrase);
    if (!opened.ok) return opened;
    content = opened.bytes;
  }
  if (content[0] === 0x7b) return parseCase(content);
  const zip = readZip(content);
  if (!zip.ok) return zip;
  const own = zip.files.get("case.json");
  return own === undefined ? { ok: false, code: "case_damaged" } : parseCase(own);
};
