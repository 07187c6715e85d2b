/** Starting and stopping one server: database, gate, HTTP. */
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { BankError, makeKey, type ListedPartner, type PartnerRole, type Bank } from "@recourse/bank";
import { dataDirOf, openLocalBank } from "@recourse/bank/embedded";
import { createCatalogue, createGate, type Learned, learnHarmless, startLookBackThread } from "@recourse/gate";
import { ensureBuilt } from "@recourse/web/build";
import { buildApp } from "./app.ts";
import { ConfigError, readConfig, type ServerConfig } from "./config.ts";
import { createProofOfWorkDesk } from "./proof-of-work.ts";

export { ConfigError } from "./config.ts";

export interface ServerOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Goes before PORT. */
  readonly port?: number;
  /** Goes before RECOURSE_DATA. */
  readonly dataDir?: string;
  /** Takes one line for the person who starts the server. */
  readonly print: (line: string) => void;
}

export interface RunningServer {
  readonly url: string;
  /** Finishes what is under way, then stops everything that was started. */
  close(): Promise<void>;
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

const readVersion = async (): Promise<string> => {
  const text = await readFile(new URL("../package.json", import.meta.url), "utf8");
  const parsed: unknown = JSON.parse(text);
  const version = typeof parsed === "object" && parsed !== null && "version" in parsed ? parsed.version : undefined;
  return typeof version === "string" ? version : "0";
};

const learnFrom = (folder: string): Promise<Learned> =>
  learnHarmless(folder).catch((error: unknown) => {
    throw new ConfigError("GATE_HARMLESS_DIR must be a folder that can be read", { cause: error });
  });

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
    const learned = config.harmlessDir === undefined ? undefined : await learnFrom(config.harmlessDir);
    if (learned) print(`Harmless pictures learned from: ${learned.pictures}; files that are none: ${learned.unread}`);
    const gate = createGate({
      bank: local.bank,
      ...snapshotsIn(config, options),
      ...(learned && { isFurniture: (hash) => learned.stopList.has(hash) }),
      maxFileBytes: config.maxFileBytes,
      localQuery: config.localQuery,
      onEvent: (event) => {
        if (event.event === "bank_lost") print("The database can't be reached; the gate goes on with what it has.");
        if (event.event === "late_query_failed") print("Local hashes of a check could not be asked for.");
        if (event.event === "matches_lost") print(`Matches lost while the database was away: ${event.count}`);
        if (event.event === "snapshot_refused") print(`The gate's snapshot is not used: ${event.reason}`);
        if (event.event === "snapshot_failed") print(`The gate's snapshot could not be written: ${event.reason}`);
        if (event.event === "replica_rebuilding") print(`The gate reads the whole bank anew: ${event.reason}`);
        if (event.event === "replica_rebuilt") print("The gate has read the whole bank anew.");
        if (event.event === "bank_checksum_wrong")
          print("The bank's rows are not what its checksum says: docs/feed.md.");
      },
    });
    closers.push(() => gate.close());
    await gate.ready();
    const catalogue = createCatalogue({ database: local.database, probe: (signals) => gate.probe(signals) });
    if (config.roles.includes("gate")) {
      const lookBack = startLookBackThread({
        connectionString: local.connectionString,
        memoryBytes: config.catalogueMemoryBytes,
        onEvent: (event) => {
          if (event.event === "look_back_failed") print("The look-back was interrupted; it goes on by itself.");
          else
            print(`A part of the catalogue is damaged and can't be searched: number ${event.part}, docs/catalogue.md.`);
        },
      });
      closers.push(() => lookBack.close());
    }
    const version = await readVersion();
    const app = await buildApp({
      config,
      parts: { bank: local.bank, catalogue, gate, proofOfWork: createProofOfWorkDesk(), version },
      webFolder: await webReady,
      onInternalError: (where) => print(`Unforeseen error ${where}`),
    });
    closers.push(() => app.close());
    await app.listen({ port: config.port, host: config.host }).catch((error: unknown) => {
      const inUse = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
      throw inUse ? new BankError("port_in_use", error) : error;
    });
    const address = app.server.address();
    const port = typeof address === "object" && address !== null ? address.port : config.port;
    const url = `http://localhost:${port}`;

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
