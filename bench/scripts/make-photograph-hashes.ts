/**
 * Writes fixtures/photograph-hashes/pdq.txt: what a bank holds of each photograph of fixtures/photographs by PDQ, a
 * line a hash. `node bench/scripts/make-photograph-hashes.ts`, a minute or two.
 */
import { glob, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DIHEDRAL_KINDS } from "@recourse/fingerprint";
import { fingerprintBytes } from "@recourse/fingerprint/node";

const fixtures = join(import.meta.dirname, "../../fixtures");
const photographs = join(fixtures, "photographs");

const names: string[] = [];
for await (const name of glob("**/*.jpg", { cwd: photographs })) names.push(name.replaceAll("\\", "/"));

const lines: string[] = [];
for (const name of names.toSorted()) {
  const outcome = await fingerprintBytes(await readFile(join(photographs, name)), { purpose: "bank" });
  if (!outcome.ok) throw new Error(`${name}: ${outcome.code}`);
  const { dihedral, windows } = outcome.fingerprint;
  for (const kind of DIHEDRAL_KINDS) lines.push(dihedral[kind]);
  for (const window of windows) lines.push(window.pdq);
}
await writeFile(join(fixtures, "photograph-hashes/pdq.txt"), `${lines.join("\n")}\n`);
