/** ExifTool as a process that stays open and takes one command after the other, so that no command pays its start. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

export interface ExiftoolProcess {
  /** One command, by its arguments; false when ExifTool wrote no file. One at a time. Throws when it has ended. */
  run(words: readonly string[]): Promise<boolean>;
  close(): Promise<void>;
}

export const openExiftool = (): ExiftoolProcess => {
  const child = spawn("exiftool", ["-stay_open", "True", "-@", "-"], { stdio: ["pipe", "pipe", "ignore"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async run(words) {
      child.stdin.write(`${words.join("\n")}\n-execute\n`);
      let written = false;
      for (;;) {
        const { value, done } = await lines.next();
        if (done === true) throw new Error("ExifTool ended");
        if (value === "{ready}") break;
        if (/^\s*1 image files (?:created|copied)/u.test(value)) written = true;
      }
      return written;
    },
    async close() {
      const ended = once(child, "exit");
      child.stdin.end("-stay_open\nFalse\n");
      await ended;
    },
  };
};
