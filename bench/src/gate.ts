/** Figures of a gate that is asked over HTTP, with 100,000 hashes in its bank or a million: `gate.*`. */
import { createHash, randomBytes, randomUUID } from "node:crypto";
import type { Bank } from "@recourse/bank";
import { openLocalBank } from "@recourse/bank/embedded";
import autocannon, { type AutocannonRequest } from "autocannon";
import type { Benchmarks, Figure } from "./figure.ts";
import { median, quantile } from "./measure.ts";
import { CHECK_PATH, openLoadFigures } from "./open-loop/rates.ts";
import { buildPage, post, type ServerProcess, startServerProcess, withFolder } from "./server-process.ts";

const BANK = { hashCount: 100_000, perItem: 1 };
const MILLION = { hashCount: 1_000_000, perItem: 64 };
const ITEMS_AT_ONCE = 2_000;
const ITEMS_PATH = "/api/gate/bank/items";
const CHANGES = 250;
const WARM_UP_CHANGES = 10;
const CHANGE_TIMEOUT_MS = 10_000;
const CONNECTIONS = 10;
const LOAD_SECONDS = 10;
const WARM_UP_SECONDS = 2;
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

const fill = async (bank: Bank, { hashCount, perItem }: typeof BANK): Promise<readonly string[]> => {
  const hashes = Array.from({ length: hashCount }, () => hex(32));
  const atOnce = Math.max(1, Math.floor(ITEMS_AT_ONCE / perItem)) * perItem;
  for (let from = 0; from < hashes.length; from += atOnce) {
    const items: (readonly ReturnType<typeof pdqSignal>[])[] = [];
    for (let at = from; at < Math.min(from + atOnce, hashes.length); at += perItem) {
      items.push(hashes.slice(at, at + perItem).map(pdqSignal));
    }
    await bank.addOwnItems(items);
  }
  return hashes;
};

/** A server whose bank was filled before it was started, all of it in force at its gate. */
const withFilledServer = (
  work: (filled: FilledServer) => Promise<readonly Figure[]>,
  size: typeof BANK = BANK,
): Promise<readonly Figure[]> =>
  withFolder(async (folder) => {
    await buildPage();
    const local = await openLocalBank({ env: {}, dataDir: folder });
    try {
      const hashes = await fill(local.bank, size);
      const server = await startServerProcess(folder);
      try {
        const { signals } = await statusOf(server);
        if (signals !== hashes.length) throw new Error("the gate did not take in the bank");
        return await work({ server, bank: local.bank, hashes });
      } finally {
        await server.stop();
      }
    } finally {
      await local.close();
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

const openLoad = (): Promise<readonly Figure[]> =>
  withFilledServer(({ server, hashes }) => openLoadFigures(server, checkBodies(hashes)), MILLION);

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
