/** A progress bar on standard error, if that is a terminal; nothing at all in a pipe. */
export interface Progress {
  /** One more is done. */
  step(): void;
  /** Takes the bar away, so that a line can be printed in its place. */
  clear(): void;
}

const WIDTH = 30;

export const startProgress = (total: number, stream: NodeJS.WriteStream = process.stderr): Progress => {
  if (!stream.isTTY || total < 2) return { step() {}, clear() {} };
  let done = 0;
  const draw = (): void => {
    const filled = Math.round((WIDTH * done) / total);
    stream.write(`\r[${"#".repeat(filled)}${".".repeat(WIDTH - filled)}] ${done} of ${total}`);
  };
  draw();
  return {
    step() {
      done += 1;
      draw();
    },
    clear: () => void stream.write("\r\u001b[K"),
  };
};
