/** The command line `recourse`: words to commands, failures to exit statuses. */
import { createRequire } from "node:module";
import { ERRORS, isErrorCode } from "@recourse/protocol";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import type { ServerAddress } from "./ask-server.ts";
import type { Target } from "./commands/scrub.ts";
import { addCaseCommands } from "./case-program.ts";
import { CommandFailure, type ExitStatus } from "./failure.ts";

const wholeNumber =
  (min: number, max: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) {
      throw new InvalidArgumentError(`A whole number from ${min} to ${max} is expected.`);
    }
    return value;
  };

const defaultServer = (): string =>
  process.env["RECOURSE_SERVER"] ?? `http://localhost:${process.env["PORT"] ?? "8080"}`;

const addressOf = (url: string, key: string | undefined): ServerAddress => {
  if (!URL.canParse(url)) throw new CommandFailure("usage", 2, "--server takes an address");
  if (key === undefined || key === "") throw new CommandFailure("key_missing", 2, "--key or the environment");
  return { url, key };
};

interface BankWords {
  readonly server?: string;
  readonly key?: string;
  readonly data?: string;
  readonly json?: boolean;
}

const bankOptions = (words: BankWords) => {
  const url = words.server ?? process.env["RECOURSE_SERVER"];
  return {
    json: words.json === true,
    ...(words.data === undefined ? {} : { dataDir: words.data }),
    ...(url === undefined || url === ""
      ? {}
      : { server: addressOf(url, words.key ?? process.env["RECOURSE_ADMIN_KEY"]) }),
  };
};

interface ScrubWords {
  readonly output?: string;
  readonly outDir?: string;
  readonly inPlace?: boolean;
  readonly neutralNames?: boolean;
  readonly keepGainMap?: boolean;
  readonly json?: boolean;
}

const targetOf = ({ output, outDir, inPlace, neutralNames }: ScrubWords): Target => {
  const chosen = [output !== undefined, outDir !== undefined, inPlace === true].filter(Boolean).length;
  if (chosen !== 1) throw new CommandFailure("usage", 2, "one of -o, --out-dir and --in-place is needed");
  if (neutralNames === true && outDir === undefined)
    throw new CommandFailure("usage", 2, "--neutral-names goes with --out-dir");
  if (output !== undefined) return { kind: "file", path: output };
  if (outDir !== undefined) return { kind: "folder", path: outDir, neutralNames: neutralNames === true };
  return { kind: "in-place" };
};

const withBankOptions = (command: Command): Command =>
  command
    .option("--server <url>", "go over HTTP to this server (RECOURSE_SERVER)")
    .option("--key <key>", "its admin key (RECOURSE_ADMIN_KEY)")
    .option("--data <folder>", "without a server: the data folder (RECOURSE_DATA)")
    .option("--json", "one JSON object a line");

/** Commands are loaded when they are asked for, so that each starts without what the others need. */
const buildProgram = (end: (status: ExitStatus) => void): Command => {
  const own: unknown = createRequire(import.meta.url)("../package.json");
  const version = typeof own === "object" && own !== null && "version" in own ? own.version : "unknown";
  const program = new Command("recourse")
    .description("Stop intimate images from being shared without consent.")
    .version(String(version))
    .showHelpAfterError()
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => write(text.replace(/^error: /, "error usage: ")),
    });

  program
    .command("serve")
    .description("run hub, gate and the person's page on one port")
    .option("--port <number>", "port to listen on (PORT, 8080)", wholeNumber(0, 65_535))
    .option("--data <folder>", "data folder (RECOURSE_DATA, ./data)")
    .addHelpText("after", "\nExample:\n  $ recourse serve --port 9000")
    .action(async (words: { port?: number; data?: string }) => {
      const { runServe } = await import("./commands/serve.ts");
      end(
        await runServe({
          ...(words.port === undefined ? {} : { port: words.port }),
          ...(words.data === undefined ? {} : { dataDir: words.data }),
        }),
      );
    });

  program
    .command("fingerprint")
    .description("compute the signals of pictures and videos; nothing leaves this machine")
    .argument("<file...>", "files, folders, or - for standard input")
    .option("--set", "also all hashes a bank would hold of a picture, and the local hashes")
    .option("--json", "one JSON object a line")
    .addHelpText(
      "after",
      "\nExit status 3 when some files could not be read.\n\nExample:\n  $ recourse fingerprint holiday/ --json",
    )
    .action(async (files: string[], words: { set?: boolean; json?: boolean }) => {
      const { runFingerprint } = await import("./commands/fingerprint.ts");
      end(await runFingerprint(files, { set: words.set === true, json: words.json === true }));
    });

  program
    .command("compare")
    .description("tell whether two pictures or videos show the same; nothing leaves this machine")
    .argument("<known>", "a picture or video, or - for standard input")
    .argument("<suspect>", "what may be a copy of it, whole or in part")
    .option("--json", "one JSON object")
    .addHelpText(
      "after",
      "\nExit status 0 when they match, 1 when not, 3 when one could not be read.\n\nExample:\n  $ recourse compare photo.jpg screenshot.png",
    )
    .action(async (known: string, suspect: string, words: { json?: boolean }) => {
      const { runCompare } = await import("./commands/compare.ts");
      end(await runCompare(known, suspect, words.json === true));
    });

  program
    .command("check")
    .description("ask a gate about pictures and videos; only their signals are sent")
    .argument("<file...>", "files, folders, or - for standard input")
    .option("--server <url>", "the gate's address (RECOURSE_SERVER, http://localhost:8080)")
    .option("--key <key>", "gate key (RECOURSE_GATE_KEY)")
    .option("--upload", "send the files themselves")
    .option("--json", "one JSON object a line")
    .addHelpText(
      "after",
      "\nExit status 1 when one matched, 3 when one could not be checked.\n\nExample:\n  $ recourse check upload.jpg --key KEY",
    )
    .action(async (files: string[], words: { server?: string; key?: string; upload?: boolean; json?: boolean }) => {
      const { runCheck } = await import("./commands/check.ts");
      const server = addressOf(words.server ?? defaultServer(), words.key ?? process.env["RECOURSE_GATE_KEY"]);
      end(await runCheck(files, { server, upload: words.upload === true, json: words.json === true }));
    });

  program
    .command("inspect")
    .description(
      "tell what files give away: places, times, devices, names, hidden pictures; nothing leaves this machine",
    )
    .argument("<file...>", "files, folders, or - for standard input")
    .option("--json", "one JSON object a line")
    .addHelpText(
      "after",
      "\nExit status 0 when nothing was found, 1 when something was, 3 when a file could not be read.\n\nExample:\n  $ recourse inspect photo.jpg",
    )
    .action(async (files: string[], words: { json?: boolean }) => {
      const { runInspect } = await import("./commands/inspect.ts");
      end(await runInspect(files, words.json === true));
    });

  program
    .command("scrub")
    .description("write copies without what they give away, with the same pixels; nothing leaves this machine")
    .argument("<file...>", "files, folders, or - for standard input")
    .option("-o, --output <file>", "where the cleaned copy goes, of one file")
    .option("--out-dir <folder>", "where cleaned copies go; nothing there is overwritten")
    .option("--in-place", "replace the files themselves, each at once or not at all")
    .option("--neutral-names", "with --out-dir: names that say nothing, not even a date")
    .option("--keep-gain-map", "of a JPEG, keep what makes it brighter on HDR screens, itself cleaned")
    .option("--json", "one JSON object a line")
    .addHelpText(
      "after",
      "\nExit status 3 when a file was refused; there is no output of it then.\n\nExample:\n  $ recourse scrub photo.jpg -o clean.jpg\n  $ recourse scrub holiday/ --out-dir to-share --neutral-names",
    )
    .action(async (files: string[], words: ScrubWords) => {
      const { runScrub } = await import("./commands/scrub.ts");
      end(
        await runScrub(files, {
          target: targetOf(words),
          keepGainMap: words.keepGainMap === true,
          json: words.json === true,
        }),
      );
    });

  addCaseCommands(program, end);

  program
    .command("match")
    .description("compare two lists of PDQ hashes, one of 64 hex digits a line")
    .requiredOption("--bank <file>", "the hashes to search")
    .requiredOption("--queries <file>", "the hashes to search for; - for standard input")
    .option("--radius <bits>", "largest distance that counts", wholeNumber(0, 256), 31)
    .addHelpText(
      "after",
      "\nPrints query line, bank line and distance, separated by tabs, lines counted from 0.\n\nExample:\n  $ recourse match --bank known.txt --queries asked.txt",
    )
    .action(async (words: { bank: string; queries: string; radius: number }) => {
      const { runMatch } = await import("./commands/match.ts");
      end(await runMatch(words.bank, words.queries, words.radius));
    });

  const bank = program.command("bank").description("a platform's own bank of hashes");
  withBankOptions(bank.command("add").description("add pictures and videos by their signals, or hashes alone"))
    .argument("[file...]", "files, folders, or - for standard input")
    .option("--hash <hex...>", "one or more hashes: PDQ (64 hex digits) or MD5 (32)")
    .option("--stronger", "of files, local hashes too, by which cropped copies are found (default: without)")
    .addHelpText(
      "after",
      "\nExample:\n  $ recourse bank add picture.jpg video.mp4 --stronger\n  $ recourse bank add --hash 65f86354f237e44b667463b1c54fc6746e7185c08f468e33784218c73c47c7dc",
    )
    .action(async (files: string[], words: BankWords & { hash?: string[]; stronger?: boolean }) => {
      const hashes = words.hash ?? [];
      if (files.length + hashes.length === 0) throw new CommandFailure("usage", 2, "a file or --hash is needed");
      const { runBankAdd } = await import("./commands/bank.ts");
      end(await runBankAdd({ files, hashes }, { ...bankOptions(words), stronger: words.stronger === true }));
    });
  withBankOptions(bank.command("list").description("list the items"))
    .addHelpText("after", "\nExample:\n  $ recourse bank list --json")
    .action(async (words: BankWords) => {
      const { runBankList } = await import("./commands/bank.ts");
      end(await runBankList(bankOptions(words)));
    });
  withBankOptions(bank.command("remove").description("remove items"))
    .option("--item <id...>", "one or more items")
    .option("--hash <hex...>", "every item that holds one of these hashes")
    .addHelpText("after", "\nExample:\n  $ recourse bank remove --item 1f6c9e1e-5b0a-4c53-9a53-0f4b1f1f7a10")
    .action(async (words: BankWords & { item?: string[]; hash?: string[] }) => {
      const items = words.item ?? [];
      const hashes = words.hash ?? [];
      if (items.length + hashes.length === 0) throw new CommandFailure("usage", 2, "--item or --hash is needed");
      const { runBankRemove } = await import("./commands/bank.ts");
      end(await runBankRemove({ items, hashes }, bankOptions(words)));
    });
  return program;
};

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;

/** Where in the code an error was thrown; not its message, which could hold a file's name or a hash. */
const whereOf = (error: unknown): string => {
  const frame = error instanceof Error ? /\n\s+(at .*)/.exec(error.stack ?? "")?.[1] : undefined;
  return frame?.replace(/file:\/\/\S*\/(apps|packages|node_modules)\//, "$1/") ?? "";
};

/** Runs one command and answers its exit status; never throws. */
export const main = async (words: readonly string[]): Promise<number> => {
  // Who reads the output may stop reading (`| head`); that is no failure.
  process.stdout.on("error", (error) => {
    if (codeOf(error) === "EPIPE") process.exit(0);
    throw error;
  });
  let status: ExitStatus = 0;
  try {
    await buildProgram((ended) => {
      status = ended;
    }).parseAsync([...words], { from: "user" });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof CommandFailure) {
      console.error(`error ${error.code}: ${error.message}`);
      return error.exitStatus;
    }
    const code = codeOf(error);
    if (error instanceof Error && error.name === "ConfigError") console.error(`error usage: ${error.message}`);
    else if (code !== undefined && isErrorCode(code)) console.error(`error ${code}: ${ERRORS[code].message}`);
    else console.error(`error internal: something unforeseen went wrong ${whereOf(error)}`);
    return 1;
  }
};
