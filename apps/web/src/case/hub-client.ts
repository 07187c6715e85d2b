/** What the page says to the hub. Every failure is a ServerError with a code; what was sent can be sent again. */
import type {
  AddItemsRequest,
  CaseStatus,
  Challenge,
  OpenCaseRequest,
  ProofOfWork,
  RecoverRequest,
  WithdrawRequest,
} from "@recourse/protocol";
import { askServer, ServerError } from "../ask-server.ts";

export interface CaseAccess {
  readonly caseNumber: string;
  readonly caseToken: string;
}

const ask = (path: string, body?: unknown, signal?: AbortSignal): Promise<unknown> =>
  askServer(path, {
    signal,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });

/** Gets a challenge and solves it in a worker. */
const proveWork = async (signal?: AbortSignal): Promise<ProofOfWork> => {
  const challenge = (await ask("/api/hub/challenge", undefined, signal)) as Challenge;
  const worker = new Worker(new URL("./proof-of-work.worker.ts", import.meta.url), { type: "module" });
  try {
    const solution = await new Promise<ProofOfWork["solution"] | null>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<ProofOfWork["solution"] | null>) => resolve(data);
      worker.onerror = () => reject(new ServerError("internal"));
      signal?.addEventListener("abort", () => reject(new ServerError("cancelled")), { once: true });
      worker.postMessage(challenge);
    });
    if (solution === null) throw new ServerError("proof_of_work_wrong");
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
