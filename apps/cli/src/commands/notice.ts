/** `recourse notice FACTS.json --regime ID --out DIR`: complete notices as files, or what is missing for them. */
import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import {
  applyToCase,
  type CaseEvent,
  type CaseFile,
  composeNotice,
  type Facts,
  findLinks,
  findRegime,
  groupLinks,
  isBareAddress,
  type Notice,
  type Regime,
  startCase,
  toCloudflare,
  toDeskNotice,
  toEml,
  toXarf,
} from "@recourse/remedy";
import { loadPackageFile } from "@recourse/remedy/node";
import { noticeToPdf } from "@recourse/remedy/pdf";
import { ERRORS, isErrorCode } from "@recourse/protocol";
import { cancellable } from "../cancel.ts";
import { CommandFailure, type ExitStatus } from "../failure.ts";
import { factsFrom } from "../read-facts.ts";
import { replaceFile } from "../replace-file.ts";
import { type Letter, senderFrom, sendLetters, type SendOutcome } from "../send-letters.ts";
import { caseText } from "./case.ts";

export interface NoticeCommand {
  readonly regime: string;
  readonly out: string;
  readonly language?: string;
  /** Sends what is complete by mail; only with `isConfirmed`, as what was sent can't be taken back. */
  readonly send: boolean;
  readonly isConfirmed: boolean;
  /** Instead of the address that is known, where there is one recipient. */
  readonly to?: string;
  readonly json: boolean;
}

interface Recipient {
  readonly name: string;
  /** A mail address, where one is known. */
  readonly mail?: string;
  readonly urls: readonly string[];
}

/** To a service goes what is about it; an authority or a search engine gets all links at once. */
const recipientsOf = (regime: Regime, facts: Facts): readonly Recipient[] => {
  const { links } = findLinks(facts.places ?? "");
  if (regime.kind !== "notice") return [{ name: regime.name, urls: links.map(({ url }) => url) }];
  const groups = groupLinks(links);
  if (groups.length === 0) return [{ name: regime.name, urls: [] }];
  return groups.map(({ domain, service, links: own }) => {
    const mail = service?.reports.find(({ to }) => /^[^/]+@[^/]+$/u.test(to))?.to;
    return { name: service?.name ?? domain, ...(mail === undefined ? {} : { mail }), urls: own.map(({ url }) => url) };
  });
};

const write = (path: string, content: string | Uint8Array, overwrite = false): Promise<void> =>
  replaceFile(path, { overwrite }, async (handle) => {
    await handle.writeFile(content);
    return true;
  });

/** The checklist and the warnings, which are for the person and not part of what is sent. */
const checklist = ({ elements, warnings }: Notice): string =>
  [
    ...elements.map(({ citation, says, missing }) => `[${missing.length === 0 ? "x" : " "}] ${citation}: ${says}`),
    "",
    ...warnings.map((warning) => `! ${warning}`),
    "",
    "No lawyer has reviewed this.",
    "",
  ].join("\n");

interface Written {
  readonly files: readonly string[];
  /** Characters that the PDF shows by their number, as no font has them; undefined where the text was too long for one. */
  readonly notInPdf: readonly string[] | undefined;
}

const writeNotice = async (
  notice: Notice,
  recipient: Recipient,
  regime: Regime,
  facts: Facts,
  stem: string,
): Promise<Written> => {
  const files: string[] = [];
  const add = async (ending: string, content: string | Uint8Array): Promise<void> => {
    await write(`${stem}${ending}`, content);
    files.push(`${stem}${ending}`);
  };
  await add(".txt", `${notice.subject}\n\n${notice.body}\n`);
  const pdf = await noticeToPdf(notice, {
    loadFile: loadPackageFile,
    ...(facts.signature === undefined ? {} : { signature: facts.signature }),
  });
  if (pdf.ok) await add(".pdf", pdf.bytes);
  await add(".checklist.txt", checklist(notice));
  if (recipient.mail !== undefined) await add(".eml", toEml(notice, { to: recipient.mail }));
  if (regime.kind === "notice" && notice.urls.length > 0) {
    const reportIds = notice.urls.map(() => randomUUID());
    const timestamp = new Date().toISOString();
    const xarf = toXarf(notice, facts, regime, { timestamp, reportIds });
    if (xarf.ok) await add(".xarf.json", `${JSON.stringify(xarf.reports, undefined, 2)}\n`);
    const cloudflare = toCloudflare(notice, facts);
    if (cloudflare.ok) await add(".cloudflare.json", `${JSON.stringify(cloudflare.reports, undefined, 2)}\n`);
    const desk = toDeskNotice(notice, facts, regime, { id: randomUUID(), madeAt: timestamp });
    if (desk.ok) await add(".desk.json", `${JSON.stringify(desk.notice, undefined, 2)}\n`);
  }
  return { files, notInPdf: pdf.ok ? pdf.missing : undefined };
};

const NOTHING: Written = { files: [], notInPdf: [] };

/** Exit status: 1 when a notice is incomplete; of that one no file is written. */
export const runNotice = (file: string, command: NoticeCommand, nowMs: number): Promise<ExitStatus> =>
  cancellable(async (signal) => {
    const regime = findRegime(command.regime);
    if (regime === undefined) throw new CommandFailure("regime_unknown", 2);
    const facts = await factsFrom(file, signal);
    if (command.send && !command.isConfirmed)
      throw new CommandFailure(
        "usage",
        2,
        "what is sent can't be taken back: read the letters first, then add --confirm",
      );
    const sender = command.send ? senderFrom(facts) : undefined;
    const recipients = recipientsOf(regime, facts);
    if (command.to !== undefined && !isBareAddress(command.to))
      throw new CommandFailure("usage", 2, "--to takes one mail address, without a name");
    if (command.to !== undefined && recipients.length !== 1)
      throw new CommandFailure("usage", 2, "--to goes with one recipient");
    await mkdir(command.out, { recursive: true }).catch(() => {
      throw new CommandFailure("output_unwritable", 3);
    });
    let incomplete = 0;
    const letters: Letter[] = [];
    for (const [index, recipient] of recipients.entries()) {
      const outcome = composeNotice(facts, {
        regime,
        recipient: recipient.name,
        urls: recipient.urls,
        ...(command.language === undefined ? {} : { language: command.language }),
        nowMs,
      });
      if (!outcome.ok) throw new CommandFailure(outcome.code, 3);
      const { notice } = outcome;
      // The names of the files say neither to whom nor about what.
      const stem = join(command.out, `letter-${String(index + 1).padStart(3, "0")}`);
      const { files, notInPdf } = notice.complete ? await writeNotice(notice, recipient, regime, facts, stem) : NOTHING;
      if (!notice.complete) incomplete += 1;
      else
        letters.push({ id: `letter-${String(index + 1).padStart(3, "0")}`, notice, to: command.to ?? recipient.mail });
      const { elements, complete, warnings, language } = notice;
      if (command.json) {
        console.log(
          JSON.stringify({
            regime: regime.id,
            recipient: recipient.name,
            language,
            complete,
            files,
            ...(notInPdf === undefined || notInPdf.length > 0 ? { notInPdf: notInPdf ?? "pdf_too_long" } : {}),
            elements,
            warnings,
          }),
        );
      } else if (complete) {
        console.log(`${recipient.name}: ${files.join(" ")}`);
        for (const warning of warnings) console.error(`  ! ${warning}`);
        if (notInPdf === undefined)
          console.error("  ! The text is too long for a PDF; the other files have all of it.");
        else if (notInPdf.length > 0)
          console.error(
            `  ! No font has ${notInPdf.length} of the characters; the PDF shows their numbers, the other files have them.`,
          );
      } else {
        console.log(`${recipient.name}: not complete, so nothing was written`);
        for (const { citation, says, missing } of elements)
          if (missing.length > 0) console.log(`  ${citation}: ${says}\n    fill in: ${missing.join(", ")}`);
      }
    }
    const path = join(command.out, "case.json");
    const given = caseOf(facts, letters, nowMs);
    if (letters.length > 0) await write(path, caseText(given));
    if (sender === undefined) return incomplete > 0 ? 1 : 0;
    console.error(`Your mail server and each recipient learn the address you send from.`);
    const outcomes: SendOutcome[] = [];
    const tell = (id: string, outcome: SendOutcome): void => {
      outcomes.push(outcome);
      if (command.json) console.log(JSON.stringify({ letter: id, outcome }));
      else if (outcome === "sent") console.log(`${id}: sent`);
      else if (outcome === "no_address")
        console.log(`${id}: no mail address is known; use the recipient's form, or --to`);
      else console.error(`error ${outcome}: ${isErrorCode(outcome) ? ERRORS[outcome].message : ""} (${id})`);
    };
    const keep = (changed: CaseFile): Promise<void> => write(path, caseText(changed), true);
    await sendLetters(letters, sender, given, signal, { keep, tell });
    if (outcomes.some((outcome) => isErrorCode(outcome))) return 3;
    return incomplete > 0 || outcomes.some((outcome) => outcome !== "sent") ? 1 : 0;
  });

/** The case these letters make, each of them ready. */
const caseOf = (facts: Facts, letters: readonly Letter[], nowMs: number): CaseFile => {
  const started = startCase(facts);
  if (!started.ok) throw new CommandFailure("notice_under_18", 3);
  const at = new Date(nowMs).toISOString();
  let given = started.case;
  for (const { id, notice, to } of letters) {
    const { regime, recipient, urls, language } = notice;
    const events: readonly CaseEvent[] = [
      {
        type: "drafted",
        at,
        notice: {
          id,
          kind: "notice",
          regime,
          recipient,
          urls: [...urls],
          language,
          ...(to === undefined ? {} : { to }),
        },
      },
      { type: "completed", at, id },
    ];
    for (const event of events) {
      const applied = applyToCase(given, event);
      if (!applied.ok) throw new CommandFailure(applied.code, 3);
      given = applied.case;
    }
  }
  return given;
};
