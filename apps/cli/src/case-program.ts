/** The commands about a person's case: plans, notices, contacts, letters. */
import { Argument, type Command } from "commander";
import { CommandFailure, type ExitStatus } from "./failure.ts";

interface NoticeWords {
  readonly regime: string;
  readonly out: string;
  readonly language?: string;
  readonly send?: boolean;
  readonly confirm?: boolean;
  readonly to?: string;
  readonly json?: boolean;
}

/** Those of the remedy package, which is not loaded for the sake of the help. */
const ANSWER_WORDS = ["removed", "refused", "partly", "asks_more", "other"] as const;

const MARK_WORDS = ["sent", "not_sent", "received"] as const;

export const addCaseCommands = (program: Command, end: (status: ExitStatus) => void): void => {
  program
    .command("regimes")
    .description("list the laws and procedures that notices rest on, and how far each was checked")
    .option("--json", "one JSON object a line")
    .action(async (words: { json?: boolean }) => {
      const { runRegimes } = await import("./commands/regimes.ts");
      end(runRegimes(words.json === true, Date.now()));
    });

  program
    .command("plan")
    .description("make a plan from the facts of a case; nothing leaves this machine")
    .argument("[facts]", "a file of JSON, or - for standard input")
    .option("--schema", "print the form of such a file, as JSON Schema")
    .option("--json", "one JSON object")
    .addHelpText("after", "\nExample:\n  $ recourse plan --schema\n  $ recourse plan facts.json")
    .action(async (file: string | undefined, words: { schema?: boolean; json?: boolean }) => {
      const { printSchema, runPlan } = await import("./commands/plan.ts");
      if (words.schema === true) end(printSchema());
      else if (file === undefined) throw new CommandFailure("usage", 2, "a file of facts, or --schema, is needed");
      else end(await runPlan(file, words.json === true, Date.now()));
    });

  program
    .command("notice")
    .description("write the notices of a regime for the facts of a case; sent only with --send --confirm")
    .argument("<facts>", "a file of JSON, or - for standard input")
    .requiredOption("--regime <id>", "which; see recourse regimes")
    .requiredOption("--out <folder>", "where the files go; nothing there is overwritten")
    .option("--language <code>", "en, es, de or fr, where the regime takes it")
    .option("--send", "send what is complete by mail, through the server in SMTP_URL (smtps://NAME:PASSWORD@HOST)")
    .option("--confirm", "with --send: the letters were read; what is sent can't be taken back")
    .option("--to <address>", "where to, if there is one recipient")
    .option("--json", "one JSON object a recipient")
    .addHelpText(
      "after",
      "\nExit status 1 when something is missing or was not sent; nothing is written of an incomplete notice. The case stands in case.json beside the letters.\n\nExample:\n  $ recourse notice facts.json --regime us-take-it-down --out letters",
    )
    .action(async (file: string, words: NoticeWords) => {
      const { runNotice } = await import("./commands/notice.ts");
      const { regime, out, language, to } = words;
      end(
        await runNotice(
          file,
          {
            regime,
            out,
            ...(language === undefined ? {} : { language }),
            ...(to === undefined ? {} : { to }),
            send: words.send === true,
            isConfirmed: words.confirm === true,
            json: words.json === true,
          },
          Date.now(),
        ),
      );
    });

  const kept = program.command("case").description("a case of letters: what became of each, and what comes next");
  kept
    .command("show")
    .description("each letter with its state, its clock and what comes next")
    .argument("<case>", "case.json, or a packed case (RECOURSE_PASSPHRASE)")
    .option("--json", "one JSON object a letter")
    .action(async (file: string, words: { json?: boolean }) => {
      const { runCaseShow } = await import("./commands/case.ts");
      end(await runCaseShow(file, words.json === true, Date.now()));
    });
  kept
    .command("mark")
    .description("write down what became of a letter elsewhere")
    .argument("<case>", "case.json of an open case")
    .argument("<letter>", "its id; see recourse case show")
    .addArgument(
      new Argument("<as>", "sent by hand, not sent after all, or confirmed by its recipient").choices([...MARK_WORDS]),
    )
    .action(async (file: string, id: string, as: (typeof MARK_WORDS)[number]) => {
      const { runCaseMark } = await import("./commands/case.ts");
      end(await runCaseMark(file, { id, as }, Date.now()));
    });
  kept
    .command("reply")
    .description("write down an answer to a letter")
    .argument("<case>", "case.json of an open case")
    .argument("<letter>", "its id; see recourse case show")
    .addArgument(new Argument("<answer>", "what it says").choices([...ANSWER_WORDS]))
    .option("--mail <file>", "the answer as a mail program saved it (EML); attachments are left out")
    .action(async (file: string, id: string, answer: (typeof ANSWER_WORDS)[number], words: { mail?: string }) => {
      const { runCaseReply } = await import("./commands/case.ts");
      end(await runCaseReply(file, { id, answer, ...words }, Date.now()));
    });
  kept
    .command("pack")
    .description("the whole case as one file, locked with RECOURSE_PASSPHRASE")
    .argument("<case>", "case.json")
    .requiredOption("--out <file>", "where it goes; nothing is overwritten")
    .option("--plain", "not locked: a ZIP that everybody can open")
    .action(async (file: string, words: { out: string; plain?: boolean }) => {
      const { runCasePack } = await import("./commands/case.ts");
      end(await runCasePack(file, words.out, words.plain === true, Date.now()));
    });
  kept
    .command("open")
    .description("a packed case as a folder")
    .argument("<case>", "a packed case (RECOURSE_PASSPHRASE)")
    .requiredOption("--out <folder>", "where it goes; nothing is overwritten")
    .action(async (file: string, words: { out: string }) => {
      const { runCaseOpen } = await import("./commands/case.ts");
      end(await runCaseOpen(file, words.out, Date.now()));
    });

  program
    .command("contacts")
    .description("find where a notice can be sent, from a saved page or an address")
    .argument("<source>", "a saved page (HTML, MHTML), - for standard input, or an address")
    .option("--visit", "visit the address from this machine; the site learns of it")
    .option("--page-url <url>", "where a saved page was, if it does not say so itself")
    .option("--json", "one JSON object a line")
    .addHelpText("after", "\nExit status 1 when nothing was found.\n\nExample:\n  $ recourse contacts saved-page.mhtml")
    .action(async (source: string, words: { visit?: boolean; pageUrl?: string; json?: boolean }) => {
      const { runContacts } = await import("./commands/contacts.ts");
      const { pageUrl } = words;
      end(
        await runContacts(source, {
          visit: words.visit === true,
          ...(pageUrl === undefined ? {} : { pageUrl }),
          json: words.json === true,
        }),
      );
    });
};
