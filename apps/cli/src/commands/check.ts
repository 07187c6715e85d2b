/** `recourse check FILE...`: asks a gate. Signals are computed here; only with `--upload` does a file travel. */
import { styleText } from "node:util";
import { querySignals, videoQuerySignals } from "@recourse/fingerprint";
import type { CheckAnswer, ErrorCode } from "@recourse/protocol";
import { askServer, type ServerAddress } from "../ask-server.ts";
import { cancellable } from "../cancel.ts";
import { CommandFailure, type ExitStatus } from "../failure.ts";
import { findFiles } from "../find-files.ts";
import { readBytes } from "../read-bytes.ts";
import { readMedia } from "../read-media.ts";
import { reportUnread } from "../report-unread.ts";

export interface CheckOptions {
  readonly server: ServerAddress;
  readonly upload: boolean;
  readonly json: boolean;
}

const CHECK_PATH = "/api/gate/check";

const asText = (answer: CheckAnswer): string => {
  if (answer.verdict === "unscannable") return `unscannable: ${answer.reason ?? ""}`;
  const found = answer.matches.map(
    (match) => `  ${match.bank} ${match.item} by ${match.signalType}, ${match.distance} bits`,
  );
  const verdict = answer.verdict === "match" ? styleText("red", "match", { stream: process.stdout }) : "no match";
  return [verdict, ...found].join("\n");
};

/** Exit status: 1 when any matched, 3 when any could not be read or asked. */
export const runCheck = (paths: readonly string[], options: CheckOptions): Promise<ExitStatus> =>
  cancellable((signal) => checkAll(paths, options, signal));

const checkAll = async (paths: readonly string[], options: CheckOptions, signal: AbortSignal): Promise<ExitStatus> => {
  let matched = 0;
  let failed = 0;
  const report = (file: string, answer: CheckAnswer): void => {
    if (answer.verdict === "match") matched += 1;
    if (answer.verdict === "unscannable") failed += 1;
    console.log(options.json ? JSON.stringify({ file, ...answer }) : `${file}: ${asText(answer)}`);
  };
  const reportFailure = (file: string, code: ErrorCode): void => {
    failed += 1;
    reportUnread(file, code, options.json);
  };
  // The server's answers have the schema's shape: it is our own server that was asked.
  const ask = async (file: string, request: () => Promise<Parameters<typeof askServer>[2]>): Promise<void> => {
    try {
      report(file, (await askServer(options.server, CHECK_PATH, { ...(await request()), signal })) as CheckAnswer);
    } catch (error) {
      if (!(error instanceof CommandFailure)) throw error;
      if (!signal.aborted) reportFailure(file, error.code);
    }
  };
  const files = await findFiles(paths);
  if (options.upload) {
    for (const file of files) {
      if (signal.aborted) break;
      await ask(file, async () => ({ bytes: await readBytes(file, signal) }));
    }
  } else {
    // As a gate reads an upload, local hashes too: what it does not ask for, it says.
    const reading = { purpose: "query", stronger: true, signal, plainOutput: options.json } as const;
    await readMedia(files, reading, async (file, outcome) => {
      if (!outcome.ok) return reportFailure(file, outcome.code);
      const { media, fingerprint } = outcome;
      const signals = media === "image" ? querySignals(fingerprint) : videoQuerySignals(fingerprint);
      return ask(file, async () => ({ json: { signals } }));
    });
  }
  if (failed > 0) return 3;
  return matched > 0 ? 1 : 0;
};
