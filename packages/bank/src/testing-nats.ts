/** For tests of any package: real servers of NATS with JetStream, alone or as a cluster, with folders of their own. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { jetstreamManager, type JetStreamManager } from "@nats-io/jetstream";
import { connect, type NodeConnectionOptions } from "@nats-io/transport-node";

const PROGRAM = "nats-server";

/** False, or why a test that needs the program is skipped. */
export const noNatsServer = (): false | string =>
  spawnSync(PROGRAM, ["--version"]).status === 0 ? false : "nats-server is not on this machine";

export interface NatsNode {
  readonly url: string;
  readonly name: string;
  /** Where it keeps its streams. */
  readonly folder: string;
  start(): Promise<void>;
  /** Ends it at once; what it has on the disk stays. */
  kill(): Promise<void>;
  /** Takes away all it has on the disk; for a server that does not run. */
  wipe(): Promise<void>;
}

export interface TemporaryNats {
  /** All servers, with commas between. */
  readonly url: string;
  readonly nodes: readonly NatsNode[];
  /** Calls `work` with a connection of its own. */
  manage<T>(work: (manager: JetStreamManager) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Of servers that do not let everybody in. */
export interface NatsRules {
  /** Text of a configuration file: who may do what, and certificates. */
  readonly config: string;
  /** How the tests themselves connect; may do anything. */
  readonly administrator: Omit<NodeConnectionOptions, "servers">;
}

const START_TIMEOUT_MS = 20_000;

const freePorts = async (count: number): Promise<readonly number[]> => {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve) => {
          const server = createServer().listen(0, "127.0.0.1", () => resolve(server));
        }),
    ),
  );
  return Promise.all(
    servers.map((server) => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      return new Promise<number>((resolve) => {
        server.close(() => resolve(port));
      });
    }),
  );
};

/** Starts one server, or a cluster of so many. */
export const startTemporaryNats = async (count = 1, rules?: NatsRules): Promise<TemporaryNats> => {
  const root = await mkdtemp(join(tmpdir(), "recourse-nats-"));
  const configFile = join(root, "nats.conf");
  if (rules !== undefined) await writeFile(configFile, rules.config);
  const clientPorts = await freePorts(count);
  const routePorts = await freePorts(count);
  const routes = routePorts.map((port) => `nats://127.0.0.1:${port}`).join(",");

  const nodes = clientPorts.map((port, number): NatsNode => {
    const folder = join(root, `node-${number}`);
    const name = `node-${number}`;
    const url = `nats://127.0.0.1:${port}`;
    let child: ChildProcess | undefined;
    return {
      url,
      name,
      folder,
      async start() {
        const single = ["-a", "127.0.0.1", "-p", `${port}`, "-n", name, "-js", "-sd", folder];
        const clustered = ["--cluster_name", "test", "--cluster", `nats://127.0.0.1:${routePorts[number]}`];
        const configured = rules === undefined ? single : ["-c", configFile, ...single];
        const args = count === 1 ? configured : [...configured, ...clustered, "--routes", routes];
        child = spawn(PROGRAM, args, { stdio: "ignore" });
        const until = Date.now() + START_TIMEOUT_MS;
        for (;;) {
          const open = await connect({
            ...rules?.administrator,
            servers: url,
            timeout: 500,
            reconnect: false,
          }).catch(() => undefined);
          await open?.close();
          if (open !== undefined) return;
          if (Date.now() > until) throw new Error("nats-server did not start");
          await sleep(50);
        }
      },
      kill() {
        const running = child;
        child = undefined;
        if (running === undefined || running.exitCode !== null) return Promise.resolve();
        return new Promise((resolve) => {
          running.once("exit", () => resolve());
          running.kill("SIGKILL");
        });
      },
      wipe: () => rm(folder, { recursive: true, force: true }),
    };
  });

  const url = nodes.map((node) => node.url).join(",");
  const manage: TemporaryNats["manage"] = async (work) => {
    const servers = nodes.map((node) => node.url);
    const connection = await connect({ ...rules?.administrator, servers, maxReconnectAttempts: -1 });
    try {
      return await work(await jetstreamManager(connection, { checkAPI: false }));
    } finally {
      await connection.close();
    }
  };
  const close = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.kill()));
    await rm(root, { recursive: true, force: true });
  };
  try {
    await Promise.all(nodes.map((node) => node.start()));
    // A cluster elects who keeps its streams.
    const until = Date.now() + START_TIMEOUT_MS;
    for (;;) {
      const isReady = await manage((manager) => manager.getAccountInfo()).then(
        () => true,
        () => false,
      );
      if (isReady) return { url, nodes, manage, close };
      if (Date.now() > until) throw new Error("JetStream is not ready");
      await sleep(100);
    }
  } catch (error) {
    await close();
    throw error;
  }
};
