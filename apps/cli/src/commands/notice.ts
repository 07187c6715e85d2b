/** `recourse notice FACTS.json --regime ID --out DIR`: complete notices as files, or what is missing for them. */
import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import {
  composeNotice,
  type Facts,
  findLinks,
  findRegime,
  groupLinks,
  type Notice,
  type Regime,
  toCloudflare,
  toEml,
  toXarf,
} from "@recourse/remedy";
import { cancellable } from "../cancel.ts";
import { CommandFailure, type ExitStatus } from "../failure.ts";
import { factsFrom } from "../read-facts.ts";
import { replaceFile } from "../replace-file.ts";

export interface NoticeCommand {
  readonly regime: string;
  readonly out: string;
  readonly language?: string;
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

const write = (path: string, text: string): Promise<void> =>
  replaceFile(path, { overwrite: false }, async (handle) => {
    await handle.writeFile(text);
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

const writeNotice = async (notice: Notice, recipient: Recipient, regime: Regime, facts: Facts, stem: string) => {
  const files: string[] = [];
  const add = async (ending: string, text: string): Promise<void> => {
    await write(`${stem}${ending}`, text);
    files.push(`${stem}${ending}`);
  };
  await add(".txt", `${notice.subject}\n\n${notice.body}\n`);
  await add(".checklist.txt", checklist(notice));
  if (recipient.mail !== undefined) await add(".eml", toEml(notice, { to: recipient.mail }));
  if (regime.kind === "notice" && notice.urls.length > 0) {
    const reportIds = notice.urls.map(() => randomUUID());
    const reports = toXarf(notice, facts, regime, { timestamp: new Date().toISOString(), reportIds });
    await add(".xarf.json", `${JSON.stringify(reports, undefined, 2)}\n`);
    const cloudflare = toCloudflare(notice, facts);
    if (cloudflare.ok) await add(".cloudflare.json", `${JSON.stringify(cloudflare.reports, undefined, 2)}\n`);
  }
  return files;
};

/** Exit status: 1 when a notice is incomplete; of that one no file is written. */
export const runNotice = (file: string, command: NoticeCommand, nowMs: number): Promise<ExitStatus> =>
  cancellable(async (signal) => {
    const regime = findRegime(command.regime);
    if (regime === undefined) throw new CommandFailure("regime_unknown", 2);
    const facts = await factsFrom(file, signal);
    await mkdir(command.out, { recursive: true }).catch(() => {
      throw new CommandFailure("output_unwritable", 3);
    });
    let incomplete = 0;
    for (const [index, recipient] of recipientsOf(regime, facts).entries()) {
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
      const files = notice.complete ? await writeNotice(notice, recipient, regime, facts, stem) : [];
      if (!notice.complete) incomplete += 1;
      const { elements, complete, warnings, language } = notice;
      if (command.json) {
        console.log(
          JSON.stringify({
            regime: regime.id,
            recipient: recipient.name,
            language,
            complete,
            files,
            elements,
            warnings,
          }),
        );
      } else if (complete) {
        console.log(`${recipient.name}: ${files.join(" ")}`);
        for (const warning of warnings) console.error(`  ! ${warning}`);
      } else {
        console.log(`${recipient.name}: not complete, so nothing was written`);
        for (const { citation, says, missing } of elements)
          if (missing.length > 0) console.log(`  ${citation}: ${says}\n    fill in: ${missing.join(", ")}`);
      }
    }
    return incomplete > 0 ? 1 : 0;
  });
