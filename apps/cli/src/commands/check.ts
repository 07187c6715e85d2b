/** `recourse check FILE...`: asks a gate. Signals are computed here; only with `--upload` does a file travel. */
import { styleText } from "node:util";
import { querySignals } from "@recourse/fingerprint";
import { type CheckAnswer, errorBody, type ErrorCode } from "@recourse/protocol";
import { askServer, type ServerAddress } from "../ask-server.ts";
import { CommandFailure, type ExitStatus } from "../failure.ts";
import { findFiles } from "../find-files.ts";
import { readBytes } from "../read-bytes.ts";
import { readPictures } from "../read-pictures.ts";

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
export const runCheck = async (paths: readonly string[], options: CheckOptions): Promise<ExitStatus> => {
  let matched = 0;
  let failed = 0;
  const report = (file: string, answer: CheckAnswer): void => {
    if (answer.verdict === "match") matched += 1;
    if (answer.verdict === "unscannable") failed += 1;
    console.log(options.json ? JSON.stringify({ file, ...answer }) : `${file}: ${asText(answer)}`);
  };
  const reportFailure = (file: string, code: ErrorCode): void => {
    failed += 1;
    const body = errorBody(code);
    if (options.json) console.log(JSON.stringify({ file, ...body }));
    else console.error(`${file}: error ${code}: ${body.error.message}`);
  };
  // The server's answers have the schema's shape: it is our own server that was asked.
  const ask = async (file: string, request: () => Promise<Parameters<typeof askServer>[2]>): Promise<void> => {
    try {
      report(file, (await askServer(options.server, CHECK_PATH, await request())) as CheckAnswer);
    } catch (error) {
      if (!(error instanceof CommandFailure)) throw error;
      reportFailure(file, error.code);
    }
  };
  const files = await findFiles(paths);
  if (options.upload) {
    for (const file of files) await ask(file, async () => ({ bytes: await readBytes(file) }));
  } else {
    await readPictures(files, options.json, async (file, outcome) => {
      if (!outcome.ok) return reportFailure(file, outcome.code);
      const signals = querySignals(outcome.fingerprint);
      return ask(file, async () => ({ json: { signals } }));
    });
  }
  if (failed > 0) return 3;
  return matched > 0 ? 1 : 0;
};
