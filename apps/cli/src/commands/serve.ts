/** `recourse serve`: runs until told to stop. */
import { startServer } from "@recourse/server";
import type { ExitStatus } from "../failure.ts";
import { watchStarter } from "../starter-watch.ts";

export interface ServeOptions {
  readonly port?: number;
  readonly dataDir?: string;
}

/** The first signal stops in order, a second at once. */
export const runServe = async (options: ServeOptions): Promise<ExitStatus> => {
  const stopped = Promise.withResolvers<void>();
  let signals = 0;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      signals += 1;
      if (signals > 1) process.exit(1);
      stopped.resolve();
    });
  }
  watchStarter(process.env, stopped.resolve);
  const server = await startServer({ env: process.env, ...options, print: (line) => console.log(line) });
  await stopped.promise;
  console.log("Stopping.");
  await server.close();
  return 0;
};
