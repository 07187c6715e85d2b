/** `recourse inspect FILE...`: what files give away. Nothing leaves this machine and nothing is written. */
import { styleText } from "node:util";
import { type Finding, FINDING_KINDS, type FindingKind, inspect } from "@recourse/scrub";
import { cancellable } from "../cancel.ts";
import type { ExitStatus } from "../failure.ts";
import { findFiles } from "../find-files.ts";
import { failureCode, withSource } from "../open-source.ts";
import { startProgress } from "../progress.ts";
import { reportUnread } from "../report-unread.ts";

const REVEALS: Readonly<Record<FindingKind, string>> = {
  location: "where you were",
  time: "when",
  device: "which device",
  editing: "what edited it",
  hidden_media: "hidden pictures and videos",
  author: "who made it, and texts",
  other: "other data that does not show",
};

const MAX_SHOWN = 12;

const asText = (findings: readonly Finding[]): string =>
  FINDING_KINDS.flatMap((kind) => {
    const group = findings.filter((finding) => finding.kind === kind);
    if (group.length === 0) return [];
    const shown = group.slice(0, MAX_SHOWN).map(({ name, value, where, severity }) => {
      const line = `    ${name}: ${value === "" ? "(empty)" : value}  (${where})`;
      return severity === "high" ? styleText("red", line, { stream: process.stdout }) : line;
    });
    const rest = group.length > MAX_SHOWN ? [`    and ${group.length - MAX_SHOWN} more`] : [];
    return [`  ${REVEALS[kind]}`, ...shown, ...rest];
  }).join("\n");

/** Exit status: 0 when nothing was found, 1 when something was, 3 when a file could not be read. */
export const runInspect = (paths: readonly string[], json: boolean): Promise<ExitStatus> =>
  cancellable(async (signal) => {
    const files = await findFiles(paths);
    const progress = startProgress(json && process.stdout.isTTY ? 0 : files.length);
    let found = 0;
    let unread = 0;
    for (const [index, file] of files.entries()) {
      if (signal.aborted) break;
      try {
        const outcome = await withSource(file, signal, (source) => inspect(source, { signal }));
        progress.clear();
        if (!outcome.ok) {
          unread += 1;
          reportUnread(file, outcome.code, json, outcome.reason);
        } else {
          const { format, findings, trailingBytes } = outcome;
          if (findings.length > 0) found += 1;
          if (json) console.log(JSON.stringify({ file, format, findings, trailingBytes }));
          else if (findings.length === 0) console.log(`${file}: ${format}, gives nothing away`);
          else console.log(`${file}: ${format}\n${asText(findings)}`);
        }
      } catch (error) {
        progress.clear();
        const code = failureCode(error, signal);
        if (code === "cancelled") break;
        unread += 1;
        reportUnread(file, code, json);
      }
      progress.step(index);
    }
    progress.clear();
    if (unread > 0) return 3;
    return found > 0 ? 1 : 0;
  });
