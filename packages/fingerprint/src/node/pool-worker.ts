/** A thread of the pool: one file at a time, from bytes to outcome. */
import { parentPort } from "node:worker_threads";
import type { Limits } from "../limits.ts";
import { fingerprintBytes } from "./fingerprint-bytes.ts";

export interface PoolTask {
  readonly bytes: Uint8Array;
  readonly limits: Partial<Limits>;
}

parentPort?.on("message", ({ bytes, limits }: PoolTask) => {
  // A rejection is a defect: unhandled, it ends this thread, and the pool answers for it.
  void fingerprintBytes(bytes, { limits }).then((outcome) => parentPort?.postMessage(outcome));
});
