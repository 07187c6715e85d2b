/** Figures of a gate that is asked over HTTP, with 100,000 hashes in its bank: `gate.*`. */
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Bank } from "@recourse/bank";
import { openLocalBank } from "@recourse/bank/embedded";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import autocannon, { type AutocannonRequest } from "autocannon";
import type { Benchmarks, Figure } from "./figure.ts";
import { median, quantile } from "./measure.ts";
import type { LoadResult } from "./open-loop/order.ts";
import { runLoad } from "./open-loop/run-load.ts";
import { buildPage, post, type ServerProcess, startServerProcess, withFolder } from "./server-process.ts";

const BANK_HASHES = 100_000;
const ITEMS_AT_ONCE = 2_000;
const ITEMS_PATH = "/api/gate/bank/items";
const FILL_TIMEOUT_MS = 300_000;
const CHANGES = 250;
const WARM_UP_CHANGES = 10;
const CHANGE_TIMEOUT_MS = 10_000;
const CONNECTIONS = 10;
const LOAD_SECONDS = 10;
const WARM_UP_SECONDS = 2;
/** Offered one after the other, from the first to the one that holds. */
const OPEN_RATES = [16_000, 14_000, 12_000, 10_000, 8_000, 6_000, 4_000, 2_000, 1_000, 500];
const OPEN_CONNECTIONS = 64;
const OPEN_SECONDS = 6;
const OPEN_P99_MS = 10;
const CHECK_PATH = "/api/gate/check";
const BODIES = 1_000;
/** One upload in this many is near an item of the bank. */
const MATCH_EVERY = 100;

const hex = (bytes: number): string => randomBytes(bytes).toString("hex");
const pdqSignal = (value: string) => ({ type: "pdq" as const, value, quality: 100, kind: "original" as const });

interface FilledServer {
  readonly server: ServerProcess;
  readonly bank: Bank;
  readonly hashes: readonly string[];
}

const statusOf = async (server: ServerProcess): Promise<{ readonly signals: number }> => {
  const response = await fetch(`${server.url}/api/gate/status`, {
    headers: { authorization: `Bearer ${server.gateKey}` },
  });
  const body: unknown = await response.json();
  if (typeof body === "object" && body !== null && "signals" in body && typeof body.signals === "number") {
    return { signals: body.signals };
  }
  throw new Error(`the gate's status is ${response.status}`);
};

/** A server with the bank filled by items of one hash each, all of them in force at its gate. */
const withFilledServer = (
  work: (filled: FilledServer) => Promise<readonly Figure[]>,
  { hashCount, perItem }: { readonly hashCount: number; readonly perItem: number } = {
    hashCount: BANK_HASHES,
    perItem: 1,
  },
): Promise<readonly Figure[]> =>
  withFolder(async (folder) => {
    await buildPage();
    const server = await startServerProcess(folder);
    try {
      // Beside the running server, as the command line does it.
      const local = await openLocalBank({ env: {}, dataDir: folder });
      try {
        const hashes = Array.from({ length: hashCount }, () => hex(32));
        const atOnce = Math.max(1, Math.floor(ITEMS_AT_ONCE / perItem)) * perItem;
        for (let from = 0; from < hashes.length; from += atOnce) {
          const items: (readonly ReturnType<typeof pdqSignal>[])[] = [];
          for (let at = from; at < Math.min(from + atOnce, hashes.length); at += perItem) {
            items.push(hashes.slice(at, at + perItem).map(pdqSignal));
          }
          await local.bank.addOwnItems(items);
        }
        const until = Date.now() + FILL_TIMEOUT_MS;
        while ((await statusOf(server)).signals < hashes.length) {
          if (Date.now() > until) throw new Error("the gate did not take in the bank in time");
          await sleep(100);
        }
        return await work({ server, bank: local.bank, hashes });
      } finally {
        await local.close();
      }
    } finally {
      await server.stop();
    }
  });

/** Asks without a pause until the verdict is the wanted one; milliseconds from the call to that answer. */
const msUntil = async (server: ServerProcess, value: string, wanted: string): Promise<number> => {
  const startedAt = performance.now();
  const body = { signals: [pdqSignal(value)] };
  for (;;) {
    const answer = await post(`${server.url}/api/gate/check`, server.gateKey, body);
    const passedMs = performance.now() - startedAt;
    if (typeof answer === "object" && answer !== null && "verdict" in answer && answer.verdict === wanted)
      return passedMs;
    if (passedMs > CHANGE_TIMEOUT_MS) throw new Error(`no ${wanted} in time`);
  }
};

const itemOf = (answer: unknown): string => {
  if (typeof answer === "object" && answer !== null && "item" in answer && typeof answer.item === "string") {
    return answer.item;
  }
  throw new Error("the server did not name the item");
};

/** Opens a case in the bank, past the proof of work that an HTTP client would have to do, and adds one item a time. */
const caseAdder = async (bank: Bank): Promise<(value: string) => Promise<void>> => {
  const caseNumber = `RC-${[1, 2, 3].map(() => hex(2).toUpperCase()).join("-")}`;
  const caseToken = hex(32);
  const accessVerifier = createHash("sha256").update(caseToken).digest("hex");
  await bank.openCase({ caseNumber, accessVerifier, recoveryVerifiers: [] });
  return async (value) => {
    const item = { itemId: randomUUID(), media: "image" as const, signals: [pdqSignal(value)] };
    await bank.addCaseItems({ caseNumber, caseToken }, [item]);
  };
};

/** The time a change needs from its commit to the gate, over many changes of one kind. */
const spread = (name: string, timesMs: readonly number[]): readonly Figure[] => [
  { figure: `${name}.p50_ms`, value: median(timesMs), unit: "ms", n: timesMs.length },
  { figure: `${name}.p99_ms`, value: quantile(timesMs, 0.99), unit: "ms", n: timesMs.length },
];

/** Measures `CHANGES` times what `change` answers, after a few that warm up. */
const repeat = async (change: () => Promise<number>): Promise<readonly number[]> => {
  const timesMs: number[] = [];
  for (let number = -WARM_UP_CHANGES; number < CHANGES; number += 1) {
    const passedMs = await change();
    if (number >= 0) timesMs.push(passedMs);
  }
  return timesMs;
};

const addOwnItem = (server: ServerProcess, value: string): Promise<unknown> =>
  post(`${server.url}${ITEMS_PATH}`, server.adminKey, { signals: [pdqSignal(value)] });

const ownItemAdded = (): Promise<readonly Figure[]> =>
  withFilledServer(async ({ server }) => {
    const timesMs = await repeat(async () => {
      const value = hex(32);
      await addOwnItem(server, value);
      return msUntil(server, value, "match");
    });
    return spread("gate.add_to_matchable", timesMs);
  });

const caseItemAdded = (): Promise<readonly Figure[]> =>
  withFilledServer(async ({ server, bank }) => {
    const addCaseItem = await caseAdder(bank);
    const timesMs = await repeat(async () => {
      const value = hex(32);
      await addCaseItem(value);
      return msUntil(server, value, "match");
    });
    return spread("gate.case_add_to_matchable", timesMs);
  });

const ownItemRemoved = (): Promise<readonly Figure[]> =>
  withFilledServer(async ({ server }) => {
    const timesMs = await repeat(async () => {
      const value = hex(32);
      const item = itemOf(await addOwnItem(server, value));
      await msUntil(server, value, "match");
      await post(`${server.url}${ITEMS_PATH}/remove`, server.adminKey, { item });
      return msUntil(server, value, "no_match");
    });
    return spread("gate.withdraw_to_gone", timesMs);
  });

/** Turns `bits` bits of a hash, one in each byte. */
const turnBits = (value: string, bits: number): string => {
  const bytes = Buffer.from(value, "hex");
  for (let bit = 0; bit < bits; bit += 1) bytes[bit] = (bytes[bit] ?? 0) ^ 0x10;
  return bytes.toString("hex");
};

/** What a client sends for one picture: its PDQ and the two exact hashes. */
const checkBodies = (hashes: readonly string[]): readonly string[] =>
  Array.from({ length: BODIES }, (_unused, number) => {
    const near = number % MATCH_EVERY === 0 ? hashes[number] : undefined;
    const signals = [
      pdqSignal(near === undefined ? hex(32) : turnBits(near, 20)),
      { type: "md5", value: hex(16) },
      { type: "sha256", value: hex(32) },
    ];
    return JSON.stringify({ signals });
  });

interface Sustained {
  readonly rate: number;
  readonly result: LoadResult;
}

/** The greatest of the rates at which p99 stays below the bound and every request is answered. */
const sustain = async (url: string, key: string, bodies: readonly string[]): Promise<Sustained | undefined> => {
  const { hostname: host, port } = new URL(url);
  const address = { host, port: Number(port), path: CHECK_PATH, key, bodies, status: 200 };
  for (const rate of OPEN_RATES) {
    const result = await runLoad({
      ...address,
      rate,
      connections: OPEN_CONNECTIONS,
      warmUpSeconds: WARM_UP_SECONDS,
      seconds: OPEN_SECONDS,
    });
    if (result.failed === 0 && result.p99Ms < OPEN_P99_MS) return { rate, result };
  }
  return undefined;
};

/** The least a server on Node can do: it takes in the body and answers the same 330 bytes each time. */
const withPlainServer = async <Result>(work: (url: string) => Promise<Result>): Promise<Result> => {
  const child = spawn(process.execPath, [fileURLToPath(new URL("open-loop/plain-server.ts", import.meta.url))], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [port] = (await once(child.stdout, "data")) as [Buffer];
    return await work(`http://127.0.0.1:${port.toString().trim()}`);
  } finally {
    child.kill();
  }
};

const openLoad = (): Promise<readonly Figure[]> =>
  withFilledServer(
    async ({ server, hashes }) => {
      const bodies = checkBodies(hashes);
      const ours = await sustain(server.url, server.gateKey, bodies);
      const peer = await withPlainServer((url) => sustain(url, server.gateKey, bodies));
      if (ours === undefined) {
        throw new Error(`at no rate p99 stayed below ${OPEN_P99_MS} ms; the plain server: ${peer?.rate ?? "neither"}`);
      }
      const { rate, result } = ours;
      const n = result.counted;
      const name = "node:http, the same answer to all";
      const of = (value: number | undefined) => (value === undefined ? {} : { peer: name, peerValue: value });
      return [
        { figure: "gate.hash_check_1M.rps", value: rate, unit: "1/s", n, ...of(peer?.rate) },
        { figure: "gate.hash_check_1M.p99_ms", value: result.p99Ms, unit: "ms", n, ...of(peer?.result.p99Ms) },
        { figure: "gate.hash_check_1M.p50_ms", value: result.p50Ms, unit: "ms", n, ...of(peer?.result.p50Ms) },
      ];
    },
    { hashCount: 1_000_000, perItem: 64 },
  );

const load = (): Promise<readonly Figure[]> =>
  withFilledServer(async ({ server, hashes }) => {
    const headers = { authorization: `Bearer ${server.gateKey}`, "content-type": "application/json" };
    const requests = checkBodies(hashes).map((body): AutocannonRequest => ({
      method: "POST",
      path: CHECK_PATH,
      headers,
      body,
    }));
    await autocannon({ url: server.url, connections: CONNECTIONS, duration: WARM_UP_SECONDS, requests });
    const result = await autocannon({ url: server.url, connections: CONNECTIONS, duration: LOAD_SECONDS, requests });
    if (result.errors + result.timeouts + result.non2xx > 0) throw new Error("not every check was answered");
    const n = result.requests.total;
    return [
      { figure: "gate.hash_check.rps", value: result.requests.average, unit: "1/s", n },
      { figure: "gate.hash_check.p50_ms", value: result.latency.p50, unit: "ms", n },
      { figure: "gate.hash_check.p99_ms", value: result.latency.p99, unit: "ms", n },
    ];
  });

export const figures: Benchmarks = {
  "gate.add_to_matchable.": ownItemAdded,
  "gate.case_add_to_matchable.": caseItemAdded,
  "gate.withdraw_to_gone.": ownItemRemoved,
  "gate.hash_check.": load,
  "gate.hash_check_1M.": openLoad,
};
