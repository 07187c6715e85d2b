/** `recourse case`: look into the case that `recourse notice` writes, lock and unlock it, and write down answers. */
import { randomFillSync } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  type Answer,
  applyToCase,
  caseFiles,
  type CaseFile,
  clockOfLetter,
  isSealed,
  nextSteps,
  packCase,
  readMail,
  unpackCase,
} from "@recourse/remedy";
import { cancellable } from "../cancel.ts";
import { CommandFailure, type ExitStatus } from "../failure.ts";
import { readBytes } from "../read-bytes.ts";
import { replaceFile } from "../replace-file.ts";

const passphrase = (): string | undefined => {
  const given = process.env["RECOURSE_PASSPHRASE"];
  return given === undefined || given === "" ? undefined : given;
};

/** Throws what `unpackCase` says. */
const open = async (file: string, signal: AbortSignal): Promise<CaseFile> => {
  const outcome = await unpackCase(await readBytes(file, signal), passphrase());
  if (!outcome.ok)
    throw new CommandFailure(outcome.code, 3, "at" in outcome && outcome.at !== "" ? `at ${outcome.at}` : undefined);
  return outcome.case;
};

const put = (path: string, content: string | Uint8Array, overwrite: boolean): Promise<void> =>
  replaceFile(path, { overwrite }, async (handle) => {
    await handle.writeFile(content);
    return true;
  });

const makeFolder = (path: string): Promise<unknown> =>
  mkdir(path, { recursive: true, mode: 0o700 }).catch(() => {
    throw new CommandFailure("output_unwritable", 3);
  });

/** As `case.json` is written in every place. */
export const caseText = (given: CaseFile): string => `${JSON.stringify(given, undefined, 2)}\n`;

export const runCaseShow = (file: string, json: boolean, nowMs: number): Promise<ExitStatus> =>
  cancellable(async (signal) => {
    const before = await open(file, signal);
    const ticked = applyToCase(before, { type: "time", at: new Date(nowMs).toISOString() });
    const given = ticked.ok ? ticked.case : before;
    const steps = nextSteps(given, nowMs);
    for (const notice of given.notices) {
      const { id, kind, regime, recipient, state, sentAt, answer } = notice;
      const clock = clockOfLetter(notice, nowMs);
      const next = steps.filter((step) => step.id === id);
      if (json) console.log(JSON.stringify({ id, kind, regime, recipient, state, sentAt, answer, clock, next }));
      else {
        console.log(
          `${id}\t${state}\t${regime}\t${recipient}${clock.endsAt === undefined ? "" : `\tuntil ${clock.endsAt}`}`,
        );
        for (const step of next)
          console.log(`  next: ${step.kind}${step.kind === "complaint" ? `: ${step.says}` : ""}`);
      }
    }
    return 0;
  });

/** Locked with `RECOURSE_PASSPHRASE`, or open with `isPlain`; one of the two has to be said. */
export const runCasePack = (file: string, out: string, isPlain: boolean, nowMs: number): Promise<ExitStatus> =>
  cancellable(async (signal) => {
    const phrase = passphrase();
    if (!isPlain && phrase === undefined) throw new CommandFailure("passphrase_needed", 3);
    const given = await open(file, signal);
    const packed = await packCase(
      given,
      nowMs,
      isPlain || phrase === undefined ? undefined : { passphrase: phrase, random: (bytes) => randomFillSync(bytes) },
    );
    if (!packed.ok) throw new CommandFailure(packed.code, 3);
    await put(out, packed.bytes, false);
    return 0;
  });

export const runCaseOpen = (file: string, out: string, nowMs: number): Promise<ExitStatus> =>
  cancellable(async (signal) => {
    const files = Object.entries(caseFiles(await open(file, signal), nowMs));
    for (const [name, bytes] of files) {
      const path = join(out, name);
      // One after the other, so that what stands there already stops it before more is written.
      // oxlint-disable-next-line no-await-in-loop -- in order, as said above
      await makeFolder(dirname(path));
      // oxlint-disable-next-line no-await-in-loop -- as above
      await put(path, bytes, false);
    }
    return 0;
  });

/** What is locked or packed is opened first, so that it never lies open beside itself. */
const openToChange = async (file: string, signal: AbortSignal): Promise<CaseFile> => {
  const bytes = await readBytes(file, signal);
  if (isSealed(bytes) || bytes[0] !== 0x7b) throw new CommandFailure("usage", 2, "give the case.json of an open case");
  return open(file, signal);
};

/** What became of a letter elsewhere: sent by hand, found not to have gone out, or confirmed by its recipient. */
export const runCaseMark = (
  file: string,
  { id, as }: { readonly id: string; readonly as: "sent" | "not_sent" | "received" },
  nowMs: number,
): Promise<ExitStatus> =>
  cancellable(async (signal) => {
    const given = await openToChange(file, signal);
    const at = new Date(nowMs).toISOString();
    const known = given.notices.find((notice) => notice.id === id);
    const applied = applyToCase(
      given,
      as === "sent"
        ? // What was tried and turns out to have gone out went out then.
          { type: "sent", at: known?.attemptedAt ?? at, id, by: known?.sentBy ?? "by_hand" }
        : { type: as, at, id },
    );
    if (!applied.ok) throw new CommandFailure(applied.code, 3);
    await put(file, caseText(applied.case), true);
    return 0;
  });

export const runCaseReply = (
  file: string,
  reply: { readonly id: string; readonly answer: Answer; readonly mail?: string },
  nowMs: number,
): Promise<ExitStatus> =>
  cancellable(async (signal) => {
    const given = await openToChange(file, signal);
    const mail = reply.mail === undefined ? undefined : readMail(await readBytes(reply.mail, signal));
    if (reply.mail !== undefined && mail === undefined) throw new CommandFailure("page_unreadable", 3);
    const applied = applyToCase(given, {
      type: "answered",
      at: new Date(nowMs).toISOString(),
      id: reply.id,
      answer: reply.answer,
      ...(mail === undefined
        ? {}
        : {
            reply: {
              id: `reply-${given.replies.length + 1}`,
              text: mail.text,
              ...(mail.from === undefined ? {} : { from: mail.from }),
              ...(mail.subject === undefined ? {} : { subject: mail.subject }),
            },
          }),
    });
    if (!applied.ok) throw new CommandFailure(applied.code, 3);
    await put(file, caseText(applied.case), true);
    if (mail !== undefined && mail.leftOut > 0) console.error(`${mail.leftOut} parts of the message were left out.`);
    return 0;
  });
