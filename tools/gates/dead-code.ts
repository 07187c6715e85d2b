/** Dead code: files nothing reaches, exports nothing uses, dependencies nothing imports. Rules in knip.json. */
import { type Gate, runPackageProgram } from "./gate.ts";

export const deadCode: Gate = async (root) => {
  const { exitCode, output } = await runPackageProgram(root, "knip", "bin/knip.js", [
    "--no-progress",
    "--reporter",
    "compact",
  ]);
  // Its own statement of how much it read.
  return { ok: exitCode === 0, seen: "files, exports, dependencies", findings: exitCode === 0 ? "" : output.trim() };
};
