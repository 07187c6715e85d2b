/** A progress bar on standard error, if that is a terminal; nothing at all in a pipe. */
export interface Progress {
  /** How much of one file is done, 0 to 1. Of a single file, the first such call draws the bar. */
  within(index: number, fraction: number): void;
  /** A file is done. */
  step(index: number): void;
  /** Takes the bar away, so that a line can be printed in its place. */
  clear(): void;
}

const WIDTH = 30;

export const startProgress = (total: number, stream: NodeJS.WriteStream = process.stderr): Progress => {
  if (!stream.isTTY || total === 0) return { within() {}, step() {}, clear() {} };
  let done = 0;
  let drawn = "";
  const begun = new Map<number, number>();
  const draw = (): void => {
    const part = (done + [...begun.values()].reduce((sum, fraction) => sum + fraction, 0)) / total;
    const filled = Math.floor(WIDTH * part);
    const percent = begun.size === 0 ? "" : `, ${Math.floor(100 * part)} %`;
    const bar = `\r[${"#".repeat(filled)}${".".repeat(WIDTH - filled)}] ${done} of ${total}${percent}\u001b[K`;
    if (bar === drawn) return;
    drawn = bar;
    stream.write(bar);
  };
  if (total > 1) draw();
  return {
    within(index, fraction) {
      begun.set(index, fraction);
      draw();
    },
    step(index) {
      begun.delete(index);
      done += 1;
      if (total > 1) draw();
    },
    clear() {
      drawn = "";
      stream.write("\r\u001b[K");
    },
  };
};
