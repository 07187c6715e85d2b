/** Runs the generator in a process of its own. */
import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { LoadOrder, LoadResult } from "./order.ts";

const generator = fileURLToPath(new URL("generator.ts", import.meta.url));

export const runLoad = async (order: LoadOrder): Promise<LoadResult> => {
  const child = spawn(process.execPath, [generator], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(JSON.stringify(order));
  const answer = await text(child.stdout);
  if (answer === "") throw new Error("the generator of the load ended without an answer");
  return JSON.parse(answer) as LoadResult; // written by generator.ts
};
