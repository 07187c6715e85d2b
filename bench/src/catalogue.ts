/** Figures of registering a platform's own content, over HTTP as a platform does it: `catalogue.*`. */
import { randomBytes } from "node:crypto";
import type { Benchmarks, Figure } from "./figure.ts";
import { buildPage, startServerProcess, withFolder } from "./server-process.ts";

const LINES = 500_000;
const LINES_AT_ONCE = 5_000;

async function* linesOf(hashes: Buffer): AsyncGenerator<Buffer> {
  const hex = hashes.toString("hex");
  for (let from = 0; from < LINES; from += LINES_AT_ONCE) {
    let text = "";
    for (let line = from; line < from + LINES_AT_ONCE; line += 1) {
      const value = hex.slice(64 * line, 64 * (line + 1));
      text += `{"content":"photo-${value.slice(0, 16)}-${line}","signals":[{"type":"pdq","value":"${value}"}]}\n`;
    }
    yield Buffer.from(text);
  }
}

const registerFigures = (): Promise<readonly Figure[]> =>
  withFolder(async (folder) => {
    await buildPage();
    const server = await startServerProcess(folder);
    try {
      const hashes = randomBytes(32 * LINES);
      const send = async (outcome: "added" | "unchanged"): Promise<number> => {
        const startedAt = performance.now();
        const response = await fetch(`${server.url}/api/gate/catalogue/contents`, {
          method: "POST",
          headers: { authorization: `Bearer ${server.gateKey}`, "content-type": "application/x-ndjson" },
          body: linesOf(hashes),
          duplex: "half",
        });
        const answer: unknown = await response.json();
        const isDone =
          typeof answer === "object" && answer !== null && (answer as Record<string, unknown>)[outcome] === LINES;
        if (!isDone) throw new Error("not every line was kept");
        return LINES / ((performance.now() - startedAt) / 1000);
      };
      const added = await send("added");
      const again = await send("unchanged");
      return [
        { figure: "catalogue.register.per_s", value: added, unit: "1/s", n: LINES },
        { figure: "catalogue.register_again.per_s", value: again, unit: "1/s", n: LINES },
      ];
    } finally {
      await server.stop();
    }
  });

export const figures: Benchmarks = { "catalogue.register": registerFigures };
