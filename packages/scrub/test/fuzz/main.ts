/**
 * `npm run fuzz --workspace @recourse/scrub -- --format jpeg --runs 100000 --seed 1`: damages files by a seed and holds
 * every invariant of invariants.ts. `--minutes 30` ends each format after that time, with as many as it got to. Stops at the first that does not hold, says how to come back to it, exits with 1.
 */
import { parseArgs } from "node:util";
import { planted } from "../files.ts";
import { FUZZ_FORMATS } from "./files.ts";
import { holdInvariants } from "./invariants.ts";
import { mutate, seeded } from "./mutate.ts";

const { values } = parseArgs({
  options: {
    format: { type: "string" },
    runs: { type: "string", default: "10000" },
    minutes: { type: "string", default: "Infinity" },
    seed: { type: "string", default: "1" },
  },
});
const runs = Number(values.runs);
const seed = Number(values.seed);
const minutes = Number(values.minutes);
const names = values.format === undefined ? Object.keys(FUZZ_FORMATS) : [values.format];
if (!Number.isSafeInteger(runs) || runs < 1 || !Number.isSafeInteger(seed) || !(minutes > 0))
  throw new RangeError("runs, minutes and seed are numbers, runs and minutes above zero");

const MAX_MEMORY_MB = 1024;

const fuzz = async (name: string): Promise<boolean> => {
  const format = FUZZ_FORMATS[name];
  if (format === undefined) throw new RangeError(`formats are ${Object.keys(FUZZ_FORMATS).join(", ")}`);
  const cases = await format.cases();
  const random = seeded(seed);
  const codes = new Map<string, number>();
  const begun = performance.now();
  let slowestMs = 0;
  let run = 0;
  for (; run < runs && performance.now() - begun < minutes * 60_000; run += 1) {
    const [one, other] = [cases[random(cases.length)], cases[random(cases.length)]];
    if (one === undefined || other === undefined) throw new Error("no files to damage");
    const damage = format.damage !== undefined && random(2) === 0 ? format.damage : mutate;
    const bytes = damage(one.bytes, other.bytes, random);
    if (random(4) > 0) format.repair?.(bytes);
    const before = performance.now();
    try {
      const { code, output } = await holdInvariants(bytes);
      if (format.searched(output)?.some((part) => part.includes(planted)) === true)
        throw new Error("the output holds the planted string");
      codes.set(code === "" ? "cleaned" : code, (codes.get(code === "" ? "cleaned" : code) ?? 0) + 1);
    } catch (error) {
      const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
      process.stderr.write(`${name}: seed ${seed}, run ${run}, from "${one.name}": ${told}\n`);
      return false;
    }
    slowestMs = Math.max(slowestMs, performance.now() - before);
  }
  const memoryMb = Math.round(process.memoryUsage().rss / 2 ** 20);
  const counts = Array.from(codes, ([code, count]) => `${code} ${count}`);
  const seconds = Math.round((performance.now() - begun) / 1000);
  process.stdout.write(
    `${name}: ${run} damaged files, seed ${seed}, ${seconds} s, slowest ${Math.round(slowestMs)} ms, ${memoryMb} MB: ${counts.join(", ")}\n`,
  );
  if (memoryMb > MAX_MEMORY_MB) process.stderr.write(`${name}: ${memoryMb} MB of memory is too much\n`);
  return memoryMb <= MAX_MEMORY_MB;
};

for (const name of names) if (!(await fuzz(name))) process.exitCode = 1;
