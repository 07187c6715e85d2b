/** Format: every file is as oxfmt would write it. `npm run format` makes it so. */
import { type Gate, runPackageProgram } from "./gate.ts";

export const format: Gate = async (root) => {
  const { exitCode, output } = await runPackageProgram(root, "oxfmt", "bin/oxfmt", ["--check", "."]);
  const seen = /on (\d+) files/u.exec(output)?.[1];
  // Without a count nothing was looked at, whatever the exit code says.
  if (exitCode === 0 && Number(seen) >= 100) return { ok: true, seen: `${seen} files`, findings: "" };
  return { ok: false, seen: "", findings: output.trim() };
};
