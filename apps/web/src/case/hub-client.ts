/** What the page says to the hub. Every failure is a HubError with a code; what was sent can be sent again. */
import type {
  AddItemsRequest,
  CaseStatus,
  Challenge,
  OpenCaseRequest,
  ProofOfWork,
  RecoverRequest,
  WithdrawRequest,
} from "@recourse/protocol";

export class HubError extends Error {
  override readonly name = "HubError";
  /** A code of docs/errors.md; `server_unreachable` when there was no answer. */
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

export interface CaseAccess {
  readonly caseNumber: string;
  readonly caseToken: string;
}

const codeOf = (body: unknown): string => {
  if (typeof body !== "object" || body === null || !("error" in body)) return "internal";
  const { error } = body;
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "internal";
};

/** A line that is this slow is a line that is gone; trying again does no harm. */
const TIMEOUT_MS = 45_000;

/** Sends and parses; the answers have the shape of the schema, for it is our own server. */
const ask = async (path: string, body?: unknown, signal?: AbortSignal): Promise<unknown> => {
  let status: number;
  let answer: unknown;
  try {
    const response = await fetch(path, {
      method: body === undefined ? "GET" : "POST",
      credentials: "omit",
      cache: "no-store",
      referrerPolicy: "no-referrer",
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
      signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), ...(signal === undefined ? [] : [signal])]),
    });
    status = response.status;
    answer = await response.json();
  } catch {
    throw new HubError(signal?.aborted === true ? "cancelled" : "server_unreachable");
  }
  if (status >= 300) throw new HubError(codeOf(answer));
  return answer;
};

/** Gets a challenge and solves it in a worker. */
const proveWork = async (signal?: AbortSignal): Promise<ProofOfWork> => {
  const challenge = (await ask("/api/hub/challenge", undefined, signal)) as Challenge;
  const worker = new Worker(new URL("./proof-of-work.worker.ts", import.meta.url), { type: "module" });
  try {
    const solution = await new Promise<ProofOfWork["solution"] | null>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<ProofOfWork["solution"] | null>) => resolve(data);
      worker.onerror = () => reject(new HubError("internal"));
      signal?.addEventListener("abort", () => reject(new HubError("cancelled")), { once: true });
      worker.postMessage(challenge);
    });
    if (solution === null) throw new HubError("proof_of_work_wrong");
    return { challenge, solution };
  } finally {
    worker.terminate();
  }
};

export const openCase = async (request: Omit<OpenCaseRequest, "proofOfWork">, signal?: AbortSignal): Promise<void> => {
  await ask("/api/hub/case/open", { ...request, proofOfWork: await proveWork(signal) }, signal);
};

export const addItems = async (
  access: CaseAccess,
  items: AddItemsRequest["items"],
  signal?: AbortSignal,
): Promise<CaseStatus> =>
  (await ask("/api/hub/case/items", { ...access, items, proofOfWork: await proveWork(signal) }, signal)) as CaseStatus;

export const caseStatus = async (access: CaseAccess): Promise<CaseStatus> =>
  (await ask("/api/hub/case/status", access)) as CaseStatus;

export const withdraw = async (request: WithdrawRequest): Promise<CaseStatus> =>
  (await ask("/api/hub/case/withdraw", request)) as CaseStatus;

export const recoverCase = async (request: RecoverRequest): Promise<CaseStatus> =>
  (await ask("/api/hub/case/recover", request)) as CaseStatus;
