/**
 * `npm run bench -- [NAME...] [--json]`: measures the figures whose names begin with one of the words; all of them
 * without a word. A benchmark that fails is told on standard error and the others go on; the exit status is then 1.
 */
import { parseArgs } from "node:util";
import { asRow, type Benchmarks, completeFigure, isWanted, mayAnswer } from "./figure.ts";
import { readMachine, readVersions } from "./surroundings.ts";

/** Loaded only when wanted, so that one figure does not need what all need. Names begin with the key. */
const MODULES: Readonly<Record<string, () => Promise<{ readonly figures: Benchmarks }>>> = {
  "fingerprint.": () => import("./fingerprint.ts"),
  "match.": () => import("./match.ts"),
  "lookback.": () => import("./lookback.ts"),
  "catalogue.": () => import("./catalogue.ts"),
  "gate.start.": () => import("./gate-start.ts"),
  "gate.": () => import("./gate.ts"),
  "server.": () => import("./server.ts"),
  "video.": () => import("./video.ts"),
  "device.": () => import("./device.ts"),
  "redact.faces.": () => import("./redact.ts"),
  "redact.text.": () => import("./redact-text.ts"),
  "redact.screens.": () => import("./redact-screens.ts"),
  "scrub.": () => import("./scrub.ts"),
  "remedy.": () => import("./remedy.ts"),
  "robust.video.": () => import("./video-robustness.ts"),
  "robust.": () => import("./robustness/run.ts"),
  "web.": () => import("./web.ts"),
};

const ON_REQUEST: ReadonlySet<string> = new Set(["robust.", "robust.video."]);

const WIDTHS = [36, 14, 8, 0];

const readWords = (): { readonly names: readonly string[]; readonly json: boolean } => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: "boolean" },
      // Read again by the benchmark they are for (src/robustness/options.ts).
      quick: { type: "boolean" },
      photographs: { type: "string" },
      keep: { type: "string" },
    },
  });
  return { names: positionals, json: values.json === true };
};

const main = async (): Promise<number> => {
  const { names, json } = readWords();
  const machine = readMachine();
  const versions = await readVersions();
  let measured = 0;
  let failed = 0;
  if (!json) console.log(`${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.os}`);
  if (!json)
    console.log(
      `${Object.entries(versions)
        .map((entry) => entry.join(" "))
        .join(", ")}\n`,
    );
  for (const [prefix, load] of Object.entries(MODULES)) {
    if (!mayAnswer(prefix, names)) continue;
    // Half an hour, or other programs: only when it is asked for.
    if (names.length === 0 && ON_REQUEST.has(prefix)) continue;
    const { figures } = await load();
    for (const [key, benchmark] of Object.entries(figures)) {
      if (!mayAnswer(key, names)) continue;
      try {
        for (const figure of await benchmark()) {
          if (!isWanted(figure.figure, names)) continue;
          measured += 1;
          if (json) console.log(JSON.stringify(completeFigure(figure, machine, versions)));
          else
            console.log(
              asRow(figure)
                .map((text, column) => text.padEnd(WIDTHS[column] ?? 0))
                .join(" ")
                .trimEnd(),
            );
        }
      } catch (error) {
        failed += 1;
        console.error(`${key} failed:`, error);
      }
    }
  }
  if (measured === 0 && failed === 0) {
    console.error(`No figure has a name that begins with ${names.join(" or ")}.`);
    return 2;
  }
  return failed === 0 ? 0 : 1;
};

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
