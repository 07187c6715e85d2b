/**
 * A real PostgreSQL as a child of this process, with its data in one folder.
 *
 * - Initialised once, beside its place, then renamed: a start that is cut off leaves no half database.
 * - Reached over loopback with a random password that lies in the data folder, readable by its owner alone.
 * - A server that an earlier process left running (`kill -9`) is taken over, not fought with.
 * - If it goes away while in use, it is started again on the same port.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { open, readFile, rename, rm, mkdir, readdir, stat, chown, truncate } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { BankError } from "../errors.ts";
import { findBinaries, type PostgresBinaries } from "./binaries.ts";
import { chooseRunAs, type RunAs } from "./run-as.ts";

export interface EmbeddedPostgres {
  readonly connectionString: string;
  /** True when it was running before and was taken over. */
  readonly adopted: boolean;
  /** Process number of the server as it runs now. */
  pid(): Promise<number>;
  /** Stops PostgreSQL after the work at hand. With `ifAlone` only when nobody else is connected. */
  stop(options?: { readonly ifAlone: boolean }): Promise<void>;
}

const USER = "recourse";
const DATABASE = "postgres";
const START_TIMEOUT_MS = 30_000;
const START_ATTEMPTS = 3;
const STOP_TIMEOUT_MS = 20_000;
const WATCH_MS = 250;
const LOG_LIMIT_BYTES = 4 * 1024 * 1024;

/** Small, safe and silent about values: for one machine, with the durability of the defaults left as it is. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "40",
  shared_buffers: "32MB",
  max_worker_processes: "2",
  max_parallel_workers: "0",
  max_logical_replication_workers: "0",
  autovacuum_max_workers: "1",
  // PostgreSQL 18 keeps three processes for this otherwise; the load here does not need them.
  io_method: "sync",
  jit: "off",
  max_wal_size: "256MB",
  password_encryption: "scram-sha-256",
  // Nothing of a row may reach the log.
  log_error_verbosity: "terse",
  log_min_error_statement: "panic",
  log_parameter_max_length: "0",
  log_parameter_max_length_on_error: "0",
  log_statement: "none",
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
};

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => {
        if (typeof address === "object" && address !== null) resolve(address.port);
        else reject(new BankError("database_start_failed"));
      });
    });
  });

/** What `postmaster.pid` says of a running server; undefined when there is none or it is not readable yet. */
const readPidFile = async (folder: string): Promise<{ readonly pid: number; readonly port: number } | undefined> => {
  const text = await readFile(join(folder, "postmaster.pid"), "utf8").catch(() => "");
  const lines = text.split("\n");
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  return Number.isInteger(pid) && pid > 0 && Number.isInteger(port) && port > 0 ? { pid, port } : undefined;
};

/**
 * Whether a process is PostgreSQL on this folder; undefined where the system does not tell. After a hard stop the number
 * in `postmaster.pid` may belong to another program, and PostgreSQL, seeing it alive, would never start.
 */
const isPostgresOn = async (pid: number, folder: string): Promise<boolean | undefined> => {
  const commandLine = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => undefined);
  return commandLine === undefined ? undefined : commandLine.split("\0").includes(folder);
};

const connects = async (connectionString: string): Promise<boolean> => {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 2_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
};

interface Place {
  readonly folder: string;
  readonly passwordFile: string;
  readonly logFile: string;
}

const childOptions = (runAs: RunAs): { uid?: number; gid?: number } => ({
  ...(runAs.uid === undefined ? {} : { uid: runAs.uid }),
  ...(runAs.gid === undefined ? {} : { gid: runAs.gid }),
});

/** Keys in our own environment are none of PostgreSQL's business. */
const childEnvironment = (): NodeJS.ProcessEnv => {
  const names = ["PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "TEMP", "TMP", "SystemRoot", "SYSTEMROOT"];
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
};

/** So that the new names are there after a power cut, too. */
const syncFolder = async (folder: string): Promise<void> => {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/** How long another first start may take before this one gives up waiting for it. */
const FIRST_START_MS = 60_000;

/** Runs `work` alone among all processes on this folder; one that finds another at work waits until it is done. */
const aloneIn = async <T>(dataDir: string, work: () => Promise<T>): Promise<T> => {
  const lockFile = join(dataDir, "postgres.lock");
  const until = Date.now() + FIRST_START_MS;
  for (;;) {
    const handle = await open(lockFile, "wx", 0o600).catch(() => undefined);
    if (handle !== undefined) {
      try {
        await handle.writeFile(String(process.pid));
        return await work();
      } finally {
        await handle.close();
        await rm(lockFile, { force: true });
      }
    }
    const owner = Number(await readFile(lockFile, "utf8").catch(() => ""));
    // Left behind by a start that was cut off.
    if (owner > 0 && !isAlive(owner)) await rm(lockFile, { force: true });
    else if (Date.now() >= until) throw new BankError("data_in_use");
    else await sleep(50);
  }
};

const initialise = async (place: Place, binaries: PostgresBinaries, dataDir: string): Promise<void> => {
  for (const name of await readdir(dataDir)) {
    if (name.startsWith("postgres.new-")) await rm(join(dataDir, name), { recursive: true, force: true });
  }
  const fresh = join(dataDir, `postgres.new-${randomBytes(4).toString("hex")}`);
  await mkdir(fresh, { mode: 0o700 });
  const runAs = await chooseRunAs(binaries.postgres, fresh);
  const owner = await stat(fresh);
  const passwordFile = `${fresh}.password`;
  const password = randomBytes(24).toString("base64url");
  const written = await open(passwordFile, "wx", 0o600);
  try {
    await written.writeFile(password);
    await written.sync();
  } finally {
    await written.close();
  }
  if (process.getuid?.() === 0) await chown(passwordFile, owner.uid, owner.gid);
  const words = [
    ...runAs.prefix,
    binaries.initdb,
    `--pgdata=${fresh}`,
    `--username=${USER}`,
    "--auth=scram-sha-256",
    `--pwfile=${passwordFile}`,
    "--encoding=UTF8",
    "--locale=C",
    "--no-instructions",
  ];
  const [program = binaries.initdb, ...rest] = words;
  const child = spawn(program, rest, {
    ...childOptions(runAs),
    stdio: ["ignore", "ignore", "pipe"],
    cwd: "/",
    env: childEnvironment(),
  });
  let complaint = "";
  child.stderr.on("data", (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-2_000);
  });
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  }).catch((error: unknown) => {
    throw new BankError("database_start_failed", error);
  });
  if (status !== 0) {
    await rm(fresh, { recursive: true, force: true });
    throw new BankError("database_start_failed", new Error(`initdb ended with ${status}: ${complaint}`));
  }
  // The password first: a database without its password would be lost, a password without its database is not missed.
  await rename(passwordFile, place.passwordFile);
  await rename(fresh, place.folder);
  await syncFolder(dataDir);
};

const launch = async (place: Place, binaries: PostgresBinaries, runAs: RunAs, port: number): Promise<ChildProcess> => {
  const logSize = await stat(place.logFile).then(
    (entry) => entry.size,
    () => 0,
  );
  if (logSize > LOG_LIMIT_BYTES) await truncate(place.logFile, 0);
  const log = await open(place.logFile, "a", 0o600);
  try {
    const settings = Object.entries({ ...SETTINGS, port: String(port) }).flatMap(([name, value]) => [
      "-c",
      `${name}=${value}`,
    ]);
    const [program = binaries.postgres, ...words] = [
      ...runAs.prefix,
      binaries.postgres,
      "-D",
      place.folder,
      ...settings,
    ];
    // Detached: Ctrl-C in the terminal reaches this process alone, which then stops PostgreSQL in its order.
    return spawn(program, words, {
      ...childOptions(runAs),
      stdio: ["ignore", log.fd, log.fd],
      cwd: "/",
      env: childEnvironment(),
      detached: true,
    });
  } finally {
    await log.close();
  }
};

/**
 * Starts PostgreSQL on `dataDir/postgres`, initialising it the first time.
 * Throws BankError `database_start_failed`, `platform_unsupported`, `data_not_accessible`.
 */
export const startEmbeddedPostgres = async (dataDir: string): Promise<EmbeddedPostgres> => {
  await mkdir(dataDir, { recursive: true, mode: 0o755 });
  const binaries = findBinaries();
  const place: Place = {
    folder: join(dataDir, "postgres"),
    passwordFile: join(dataDir, "postgres.password"),
    logFile: join(dataDir, "postgres.log"),
  };
  const exists = (): Promise<boolean> =>
    stat(join(place.folder, "PG_VERSION")).then(
      () => true,
      () => false,
    );
  if (!(await exists())) {
    await aloneIn(dataDir, async () => {
      if (!(await exists())) await initialise(place, binaries, dataDir);
    });
  }
  const runAs = await chooseRunAs(binaries.postgres, place.folder);
  const password = (await readFile(place.passwordFile, "utf8")).trim();
  const urlFor = (port: number): string => `postgres://${USER}:${password}@127.0.0.1:${port}/${DATABASE}`;

  let port = 0;
  let pid = 0;
  let stopping = false;
  let restarting: Promise<void> | undefined;

  const waitUntilReady = async (child: ChildProcess | undefined): Promise<void> => {
    const until = Date.now() + START_TIMEOUT_MS;
    while (Date.now() < until) {
      if (child !== undefined && (child.exitCode !== null || child.signalCode !== null)) break;
      if (await connects(urlFor(port))) return;
      await sleep(25);
    }
    throw new BankError("database_start_failed");
  };

  const start = async (wantedPort: number | undefined): Promise<void> => {
    port = wantedPort ?? (await freePort());
    const child = await launch(place, binaries, runAs, port);
    const failed = new Promise<never>((_resolve, reject) => {
      child.once("error", (error) => reject(new BankError("database_start_failed", error)));
    });
    failed.catch(() => {});
    child.unref();
    await Promise.race([waitUntilReady(child), failed]);
    pid = (await readPidFile(place.folder))?.pid ?? child.pid ?? 0;
  };

  /** Takes over a server that runs on the folder already; clears away what only looks like one. */
  const adopt = async (): Promise<boolean> => {
    const running = await readPidFile(place.folder);
    if (running === undefined) return false;
    if ((await isPostgresOn(running.pid, place.folder)) === false) {
      await rm(join(place.folder, "postmaster.pid"), { force: true });
      return false;
    }
    if (!isAlive(running.pid)) return false;
    port = running.port;
    pid = running.pid;
    return waitUntilReadyOrGone(() => connects(urlFor(port)), running.pid);
  };

  let adopted = await adopt();
  // The port may be taken between choosing and binding it, and another process may be starting on the same folder.
  for (let attempt = 1; !adopted; attempt += 1) {
    try {
      await start(undefined);
      break;
    } catch (error) {
      if (attempt === START_ATTEMPTS) throw error;
      adopted = await adopt();
    }
  }

  /** Starts PostgreSQL again, on the same port, when it is gone without our having stopped it. */
  const watch = async (): Promise<void> => {
    for (;;) {
      await sleep(WATCH_MS, undefined, { ref: false });
      if (stopping) return;
      if (isAlive(pid)) continue;
      // Its own children may still hold the data folder for a moment; a start that fails is tried again.
      restarting = start(port).catch(() => sleep(1_000, undefined, { ref: false }));
      await restarting;
    }
  };
  void watch();

  return {
    adopted,
    pid: async () => (await readPidFile(place.folder))?.pid ?? pid,
    get connectionString() {
      return urlFor(port);
    },
    async stop(options) {
      if (options?.ifAlone === true && !(await isAlone(urlFor(port)))) {
        stopping = true;
        return;
      }
      stopping = true;
      await restarting;
      if (!isAlive(pid)) return;
      process.kill(pid, "SIGINT"); // PostgreSQL's "fast shutdown": ends sessions, writes everything, leaves cleanly
      const until = Date.now() + STOP_TIMEOUT_MS;
      while (isAlive(pid) && Date.now() < until) await sleep(20);
    },
  };
};

/** Waits for a running server to answer; false when its process goes away or is not PostgreSQL on this folder. */
const waitUntilReadyOrGone = async (answers: () => Promise<boolean>, pid: number): Promise<boolean> => {
  const until = Date.now() + START_TIMEOUT_MS;
  while (isAlive(pid) && Date.now() < until) {
    if (await answers()) return true;
    await sleep(50);
    // After a crash of the machine the number in the file may belong to another program by now.
    if (Date.now() > until - START_TIMEOUT_MS + 3_000) return false;
  }
  return false;
};

const isAlone = async (connectionString: string): Promise<boolean> => {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 2_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    const others = await client.query<{ count: number }>(
      "select count(*)::int as count from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()",
    );
    return others.rows[0]?.count === 0;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
};
