/** A real server on a free port with a database of its own, and a client that speaks to it over HTTP. */
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Challenge, ProofOfWork, Signal } from "@recourse/protocol";
import { solveChallenge } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/sha";
import { startServer } from "../src/index.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // Tests look into answers freely; their shape is checked against the schemas where it matters.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

export const randomHex = (bytes: number): string => randomBytes(bytes).toString("hex");
export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

export interface TestServer {
  readonly url: string;
  readonly dataDir: string;
  readonly gateKey: string;
  readonly adminKey: string;
  readonly printed: readonly string[];
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  postBytes(path: string, bytes: Uint8Array, headers?: Record<string, string>): Promise<Answer>;
  check(signals: readonly Signal[]): Promise<Answer>;
  solve(): Promise<ProofOfWork>;
  openCase(recoveryTokens?: readonly string[]): Promise<{ readonly caseNumber: string; readonly caseToken: string }>;
  /** Asks until the verdict is the one wanted; resolves to the last answer after five seconds at most. */
  checkUntil(signals: readonly Signal[], verdict: string): Promise<Answer>;
  close(): Promise<void>;
}

export const newItem = (...signals: readonly Signal[]) => ({ itemId: randomUUID(), media: "image", signals });
export const pdq = (value = randomHex(32)): Signal => ({ type: "pdq", value, quality: 100, kind: "original" });

/** The same hash with `bits` of its bits flipped. */
export const flipBits = (value: string, bits: number): string => {
  const bytes = Buffer.from(value, "hex");
  for (let bit = 0; bit < bits; bit += 1) bytes[bit % 32] = (bytes[bit % 32] ?? 0) ^ (1 << Math.floor(bit / 32));
  return bytes.toString("hex");
};

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const caseNumber = (): string => {
  const letters = [...randomBytes(12)].map((byte) => ALPHABET[byte % 32]).join("");
  return `RC-${letters.slice(0, 4)}-${letters.slice(4, 8)}-${letters.slice(8)}`;
};

export const startTestServer = async (env: Readonly<Record<string, string>> = {}): Promise<TestServer> => {
  const dataDir = await mkdtemp(join(tmpdir(), "recourse-test-"));
  const gateKey = `gate-${randomHex(16)}`;
  const adminKey = `admin-${randomHex(16)}`;
  const printed: string[] = [];
  const server = await startServer({
    env: { RECOURSE_GATE_KEY: gateKey, RECOURSE_ADMIN_KEY: adminKey, PORT: "0", HOST: "127.0.0.1", ...env },
    dataDir,
    print: (line) => printed.push(line),
  });

  const request = async (path: string, init: RequestInit): Promise<Answer> => {
    const response = await fetch(server.url.replace("localhost", "127.0.0.1") + path, init);
    const text = await response.text();
    const isJson = (response.headers.get("content-type") ?? "").includes("json");
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  };
  const post: TestServer["post"] = (path, body, headers = {}) =>
    request(path, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  const gateHeaders = { authorization: `Bearer ${gateKey}` };
  const solve = async (): Promise<ProofOfWork> => {
    const { body } = await request("/api/hub/challenge", {});
    const challenge: Challenge = body;
    const solution = await solveChallenge({ challenge, deriveKey });
    if (solution === null) throw new Error("the challenge was not solved");
    return { challenge, solution };
  };
  const check: TestServer["check"] = (signals) => post("/api/gate/check", { signals }, gateHeaders);

  return {
    url: server.url,
    dataDir,
    gateKey,
    adminKey,
    printed,
    get: (path, headers = {}) => request(path, { headers }),
    post,
    postBytes: (path, bytes, headers = {}) =>
      request(path, {
        method: "POST",
        headers: { "content-type": "image/jpeg", ...gateHeaders, ...headers },
        body: new Uint8Array(bytes),
      }),
    check,
    solve,
    async openCase(recoveryTokens = []) {
      const access = { caseNumber: caseNumber(), caseToken: randomHex(32) };
      const answer = await post("/api/hub/case/open", {
        caseNumber: access.caseNumber,
        accessVerifier: sha256(access.caseToken),
        recoveryVerifiers: recoveryTokens.map(sha256),
        statements: { adultWhenMade: true, consentToShare: true },
        proofOfWork: await solve(),
      });
      if (answer.status !== 201) throw new Error(`the case was not opened: ${answer.body.error?.code}`);
      return access;
    },
    async checkUntil(signals, verdict) {
      const until = Date.now() + 5_000;
      for (;;) {
        const answer = await check(signals);
        if (answer.body.verdict === verdict || Date.now() > until) return answer;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    async close() {
      await server.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
};
