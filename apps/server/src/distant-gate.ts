/**
 * A gate that has nothing but the stream of the feed: no database, neither its own nor the bank's. It checks; what it
 * finds goes to a hub. A platform's own bank and catalogue need a database and are not there.
 */
import { resolve } from "node:path";
import { followStream, openFeedConnection, openHubLine } from "@recourse/bank/stream";
import { createGate } from "@recourse/gate";
import { buildApp } from "./app.ts";
import { ConfigError, type ServerConfig } from "./config.ts";
import { createDistantHandlers } from "./handlers.ts";
import { printGateEvent, printLearned, printRefusal } from "./print-events.ts";
import { learnFrom, listen, readVersion, type RunningServer } from "./running.ts";

/** Whether this is what the settings ask for. */
export const isDistantGate = (
  config: ServerConfig,
  env: Readonly<Record<string, string | undefined>>,
): config is ServerConfig & { readonly feed: NonNullable<ServerConfig["feed"]> } =>
  config.feed !== undefined && !config.roles.includes("hub") && (env["DATABASE_URL"] ?? "") === "";

/** Throws ConfigError; BankError `feed_unavailable` where there is neither a stream nor a snapshot to start from. */
export const startDistantGate = async (
  config: ServerConfig & { readonly feed: NonNullable<ServerConfig["feed"]> },
  print: (line: string) => void,
): Promise<RunningServer> => {
  const { gateKey, snapshotDir } = config;
  if (gateKey === undefined) {
    throw new ConfigError("RECOURSE_GATE_KEY must be the gate key that the hub gave out: this gate has no database");
  }
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const step of closers.toReversed()) await step();
  };
  try {
    const connection = openFeedConnection({ ...config.feed, onRefused: (code) => printRefusal(code, print) });
    closers.push(() => connection.close());
    const learned = config.harmlessDir === undefined ? undefined : await learnFrom(config.harmlessDir);
    if (learned) printLearned(learned, print);
    const gate = createGate({
      bank: openHubLine(gateKey, connection),
      followFeed: (following) => followStream({ ...following, connection }),
      ...(snapshotDir !== undefined && snapshotDir !== "" && { snapshotDir: resolve(snapshotDir) }),
      ...(learned && { isFurniture: (hash) => learned.stopList.has(hash) }),
      maxFileBytes: config.maxFileBytes,
      localQuery: config.localQuery,
      onEvent: (event) => printGateEvent(event, print),
    });
    closers.push(() => gate.close());
    await gate.ready().catch((error: unknown) => {
      // What the snapshot holds protects; the rest comes when the stream is back.
      if (gate.status().sequence === 0) throw error;
      print("The feed can't be reached; the gate goes on with what its snapshot holds.");
    });
    const version = await readVersion();
    const ping = async (): Promise<void> => {
      if (!gate.status().connected) throw new Error("the feed is away");
    };
    const app = await buildApp({
      config,
      gate,
      handlers: createDistantHandlers({ gate, ping, version, roles: config.roles }),
      version,
      onInternalError: (where) => print(`Unforeseen error ${where}`),
    });
    closers.push(() => app.close());
    const url = await listen(app, config);
    print(`Recourse ${version} is running, as a gate that follows the feed.`);
    print(`  HTTP interface    ${url}/api/openapi.json`);
    return { url, close };
  } catch (error) {
    await close();
    throw error;
  }
};
