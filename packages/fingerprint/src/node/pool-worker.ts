/** A thread of the pool: one file at a time, from bytes to outcome. */
import { parentPort } from "node:worker_threads";
import type { Limits } from "../limits.ts";
import type { Wanted } from "../types.ts";
import { fingerprintBytes } from "./fingerprint-bytes.ts";

export interface PoolTask {
  readonly bytes: Uint8Array;
  readonly limits: Partial<Limits>;
  readonly wanted: Wanted;
}

parentPort?.on("message", ({ bytes, limits, wanted }: PoolTask) => {
  // A rejection is a defect: unhandled, it ends this thread, and the pool answers for it.
  void fingerprintBytes(bytes, { ...wanted, limits }).then((outcome) => parentPort?.postMessage(outcome));
});
