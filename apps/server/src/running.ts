/** What every server does at its start, whatever its roles. */
import { readFile } from "node:fs/promises";
import { BankError } from "@recourse/bank";
import { type Learned, learnHarmless } from "@recourse/gate";
import type { FastifyInstance } from "fastify";
import { ConfigError, type ServerConfig } from "./config.ts";

export interface RunningServer {
  readonly url: string;
  /** Finishes what is under way, then stops everything that was started. */
  close(): Promise<void>;
}

export const readVersion = async (): Promise<string> => {
  const text = await readFile(new URL("../package.json", import.meta.url), "utf8");
  const parsed: unknown = JSON.parse(text);
  const version = typeof parsed === "object" && parsed !== null && "version" in parsed ? parsed.version : undefined;
  return typeof version === "string" ? version : "0";
};

export const learnFrom = (folder: string): Promise<Learned> =>
  learnHarmless(folder).catch((error: unknown) => {
    throw new ConfigError("GATE_HARMLESS_DIR must be a folder that can be read", { cause: error });
  });

/** Answers the address under which it is reached from this machine. Throws BankError `port_in_use`, ConfigError. */
export const listen = async (app: FastifyInstance, config: ServerConfig): Promise<string> => {
  // Fastify hands on what it does not know itself.
  const where = { port: config.port, host: config.host, ...(config.sharePort && { reusePort: true }) };
  await app.listen(where).catch((error: unknown) => {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EADDRINUSE") throw new BankError("port_in_use", error);
    if (config.sharePort && code === "ENOTSUP") {
      throw new ConfigError("GATE_SHARE_PORT is not possible on this system", { cause: error });
    }
    throw error;
  });
  const address = app.server.address();
  const port = typeof address === "object" && address !== null ? address.port : config.port;
  return `http://localhost:${port}`;
};
