/**
 * What rate of checks a gate holds under an open-loop load, beside a server that does nothing: `gate.hash_check_1M.*`.
 * Every rate is offered to both, one after the other, so that a machine that gets slower does so for both.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Figure } from "../figure.ts";
import { cpuSecondsOf } from "../process-use.ts";
import type { ServerProcess } from "../server-process.ts";
import type { LoadResult } from "./order.ts";
import { runLoad } from "./run-load.ts";

export const CHECK_PATH = "/api/gate/check";
const RATES = [1_000, 2_000, 4_000, 6_000, 8_000, 10_000, 12_000, 14_000];
const CONNECTIONS = 64;
const WARM_UP_SECONDS = 1;
const SECONDS = 4;
const P99_LIMIT_MS = 10;
/** A server that is so far behind gets no more: what waits would take longer than the load. */
const HOPELESS_P99_MS = 500;
const PEER = "node:http, the same answer to all";

interface Side {
  readonly url: string;
  readonly pid: number;
}

interface Run {
  readonly rate: number;
  readonly result: LoadResult;
  /** Processor time of the server for one answer; undefined where the system does not tell. */
  readonly cpuUs: number | undefined;
}

const offer = async ({ url, pid }: Side, key: string, bodies: readonly string[], rate: number): Promise<Run> => {
  const { hostname: host, port } = new URL(url);
  const before = await cpuSecondsOf(pid);
  const result = await runLoad({
    host,
    port: Number(port),
    path: CHECK_PATH,
    key,
    bodies,
    status: 200,
    rate,
    connections: CONNECTIONS,
    warmUpSeconds: WARM_UP_SECONDS,
    seconds: SECONDS,
  });
  const after = await cpuSecondsOf(pid);
  const cpuUs = before === undefined || after === undefined ? undefined : (1e6 * (after - before)) / result.answered;
  return { rate, result, cpuUs };
};

const holds = ({ result }: Run): boolean => result.failed === 0 && result.p99Ms < P99_LIMIT_MS;

/** The least a server on Node can do: it takes in the body and answers the same 330 bytes each time. */
const withPlainServer = async <Result>(work: (side: Side) => Promise<Result>): Promise<Result> => {
  const child = spawn(process.execPath, [fileURLToPath(new URL("plain-server.ts", import.meta.url))], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [port] = (await once(child.stdout, "data")) as [Buffer];
    return await work({ url: `http://127.0.0.1:${port.toString().trim()}`, pid: child.pid ?? 0 });
  } finally {
    child.kill();
  }
};

/** With a peer's value if there is one. */
const figure = (name: string, unit: string, n: number, value: number, peerValue: number | undefined): Figure => ({
  figure: `gate.hash_check_1M.${name}`,
  value,
  unit,
  n,
  ...(peerValue === undefined ? {} : { peer: PEER, peerValue }),
});

/** The table of all rates, and the greatest that holds; where none does, `rps` is 0. */
export const openLoadFigures = (server: ServerProcess, bodies: readonly string[]): Promise<readonly Figure[]> =>
  withPlainServer(async (plain) => {
    const ours: Run[] = [];
    const peers: Run[] = [];
    for (const rate of RATES) {
      for (const [runs, side] of [
        [ours, server],
        [peers, plain],
      ] as const) {
        if ((runs.at(-1)?.result.p99Ms ?? 0) > HOPELESS_P99_MS) continue;
        runs.push(await offer(side, server.gateKey, bodies, rate));
      }
    }
    const peerAt = (rate: number): Run | undefined => peers.find((run) => run.rate === rate);
    const table = ours.flatMap(({ rate, result, cpuUs }) => {
      const peer = peerAt(rate);
      const n = result.counted;
      return [
        figure(`at_${rate}.p50_ms`, "ms", n, result.p50Ms, peer?.result.p50Ms),
        figure(`at_${rate}.p99_ms`, "ms", n, result.p99Ms, peer?.result.p99Ms),
        ...(cpuUs === undefined ? [] : [figure(`at_${rate}.cpu_us`, "us", n, cpuUs, peer?.cpuUs)]),
      ];
    });
    const best = ours.findLast(holds);
    const peer = peers.findLast(holds);
    return [
      figure("rps", "1/s", best?.result.counted ?? 0, best?.rate ?? 0, peer?.rate),
      ...(best === undefined
        ? []
        : [
            figure("p99_ms", "ms", best.result.counted, best.result.p99Ms, peer?.result.p99Ms),
            figure("p50_ms", "ms", best.result.counted, best.result.p50Ms, peer?.result.p50Ms),
          ]),
      ...table,
    ];
  });
