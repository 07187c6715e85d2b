/** Starting and stopping one server: database, gate, HTTP. */
import { join, resolve } from "node:path";
import { makeKey, type ListedPartner, type PartnerRole, type Bank } from "@recourse/bank";
import { dataDirOf, openLocalBank } from "@recourse/bank/embedded";
import { followStream, openFeedConnection, publishFeed, serveHubLine } from "@recourse/bank/stream";
import { createCatalogue, createClickHouseColumns, createGate, startLookBackThread } from "@recourse/gate";
import { ensureBuilt } from "@recourse/web/build";
import { buildApp } from "./app.ts";
import { ConfigError, readConfig, type ServerConfig } from "./config.ts";
import { isDistantGate, startDistantGate } from "./distant-gate.ts";
import { createHandlers } from "./handlers.ts";
import { createProofOfWorkDesk } from "./proof-of-work.ts";
import { learnFrom, listen, readVersion, type RunningServer } from "./running.ts";
import { printFeedEvent, printGateEvent, printLearned, printRefusal } from "./print-events.ts";

export { ConfigError } from "./config.ts";
export type { RunningServer } from "./running.ts";

export interface ServerOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Goes before PORT. */
  readonly port?: number;
  /** Goes before RECOURSE_DATA. */
  readonly dataDir?: string;
  /** Takes one line for the person who starts the server. */
  readonly print: (line: string) => void;
}

/** Names the one server of a data folder among the locks of its database. */
const SERVER_LOCK = 7_308_002;
/** A server killed a moment ago still holds its lock until the database notices. */
const LOCK_WAIT_MS = 5_000;

const SAFE_KEY_LENGTH = 16;

interface FirstKey {
  readonly role: PartnerRole;
  readonly name: string;
  readonly disclosesName: boolean;
  readonly given: string | undefined;
  readonly label: string;
}

/** Makes sure a key of this role exists: the one given, or at the very first start a new one, printed this once. */
const ensureKey = async (
  bank: Bank,
  first: FirstKey,
  existing: readonly ListedPartner[],
  print: (line: string) => void,
): Promise<void> => {
  const { role, name, disclosesName, given } = first;
  if (given !== undefined) {
    if (given.length < SAFE_KEY_LENGTH) {
      print(`  ${first.label}  is short enough to be guessed; use ${SAFE_KEY_LENGTH} characters or more`);
    }
    const partner = await bank.addPartner({ name, role, key: given, disclosesName });
    if (partner.role !== role) throw new ConfigError("RECOURSE_GATE_KEY and RECOURSE_ADMIN_KEY must differ");
    return;
  }
  if (existing.some((partner) => partner.role === role)) {
    // What a person may be told follows the setting as it is now.
    if (role === "gate") await bank.nameOnlyGate(name, disclosesName);
    return;
  }
  const key = makeKey(role);
  await bank.addPartner({ name, role, key, disclosesName });
  print(`  ${first.label}  ${key}`);
  print("             (shown this once: keep it)");
};

/** Beside the embedded database, if nothing was said; none for a database elsewhere. */
const snapshotsIn = (
  { snapshotDir }: ServerConfig,
  { env, dataDir }: ServerOptions,
): { readonly snapshotDir?: string } => {
  if (snapshotDir !== undefined) return snapshotDir === "" ? {} : { snapshotDir: resolve(snapshotDir) };
  const isElsewhere = env["DATABASE_URL"] !== undefined && env["DATABASE_URL"] !== "";
  return isElsewhere
    ? {}
    : { snapshotDir: join(dataDirOf({ env, ...(dataDir !== undefined && { dataDir }) }), "gate") };
};

/** Throws ConfigError, or BankError with the code of what did not start. */
export const startServer = async (options: ServerOptions): Promise<RunningServer> => {
  const { env, print } = options;
  const read = readConfig(env);
  const config = options.port === undefined ? read : { ...read, port: options.port };
  if (isDistantGate(config, env)) return startDistantGate(config, print);
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const step of closers.toReversed()) await step();
  };
  try {
    const webReady = ensureBuilt();
    webReady.catch(() => {}); // awaited below; until then a failure must not end the process
    const local = await openLocalBank({
      env,
      ...(options.dataDir === undefined ? {} : { dataDir: options.dataDir }),
    });
    // Until the lock is held the database may be another server's.
    let isOurs = false;
    closers.push(() => local.close(isOurs ? "always" : "ifAlone"));
    if (env["DATABASE_URL"] === undefined || env["DATABASE_URL"] === "") {
      const lock = await local.bank.holdLock(SERVER_LOCK, LOCK_WAIT_MS, () => {
        isOurs = false;
        print("Another server has taken the data folder while the database was away.");
      });
      isOurs = true;
      closers.push(() => lock.release());
    }
    const connection =
      config.feed === undefined
        ? undefined
        : openFeedConnection({ ...config.feed, onRefused: (code) => printRefusal(code, print) });
    if (connection !== undefined) closers.push(() => connection.close());
    const learned = config.harmlessDir === undefined ? undefined : await learnFrom(config.harmlessDir);
    if (learned) printLearned(learned, print);
    const gate = createGate({
      bank: local.bank,
      ...snapshotsIn(config, options),
      ...(learned && { isFurniture: (hash) => learned.stopList.has(hash) }),
      maxFileBytes: config.maxFileBytes,
      localQuery: config.localQuery,
      // A hub is where the feed begins; what is only a gate takes it as it comes to all gates.
      ...(connection !== undefined &&
        !config.roles.includes("hub") && { followFeed: (following) => followStream({ ...following, connection }) }),
      onEvent: (event) => printGateEvent(event, print),
    });
    closers.push(() => gate.close());
    await gate.ready();
    const { clickHouse } = config;
    const far = clickHouse === undefined ? undefined : createClickHouseColumns(clickHouse);
    if (far !== undefined) closers.push(() => far.close());
    const catalogue = createCatalogue({ database: local.database, probe: (signals) => gate.probe(signals), far });
    if (config.roles.includes("gate")) {
      const lookBack = startLookBackThread({
        connectionString: local.connectionString,
        memoryBytes: config.catalogueMemoryBytes,
        clickHouse,
        onEvent: (event) => {
          if (event.event === "look_back_failed") {
            print(`The look-back was interrupted (${event.code}); it goes on by itself.`);
          } else
            print(`A part of the catalogue is damaged and can't be searched: number ${event.part}, docs/catalogue.md.`);
        },
      });
      closers.push(() => lookBack.close());
    }
    if (config.roles.includes("hub") && config.feed !== undefined && connection !== undefined) {
      const publisher = publishFeed({
        bank: local.bank,
        connection,
        replicas: config.feed.replicas,
        onEvent: (event) => printFeedEvent(event, print),
      });
      closers.push(() => publisher.close());
      const line = serveHubLine(local.bank, connection);
      closers.push(() => line.close());
    }
    const version = await readVersion();
    const parts = { bank: local.bank, catalogue, gate, proofOfWork: createProofOfWorkDesk(), version };
    const app = await buildApp({
      config,
      gate,
      handlers: createHandlers({ ...parts, roles: config.roles }),
      version,
      webFolder: await webReady,
      onInternalError: (where) => print(`Unforeseen error ${where}`),
    });
    closers.push(() => app.close());
    const url = await listen(app, config);

    print(`Recourse ${version} is running.`);
    print("");
    print(`  Protect pictures  ${url}/`);
    print(`  Try the gate      ${url}/try`);
    print(`  HTTP interface    ${url}/api/openapi.json`);
    print("");
    if (config.roles.includes("gate")) {
      const name = config.platformName ?? "gate";
      const disclosesName = config.platformName !== undefined;
      const existing = await local.bank.listPartners();
      await ensureKey(
        local.bank,
        { role: "gate", name, disclosesName, given: config.gateKey, label: "Gate key " },
        existing,
        print,
      );
      await ensureKey(
        local.bank,
        { role: "admin", name: "admin", disclosesName: false, given: config.adminKey, label: "Admin key" },
        existing,
        print,
      );
    }
    return { url, close };
  } catch (error) {
    await close();
    throw error;
  }
};
