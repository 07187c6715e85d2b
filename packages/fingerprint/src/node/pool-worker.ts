/** A thread of the pool: one file at a time, from bytes to outcome. */
import { parentPort } from "node:worker_threads";
import type { Limits } from "../limits.ts";
import { fingerprintBytes } from "./fingerprint-bytes.ts";

export interface PoolTask {
  readonly bytes: Uint8Array;
  readonly limits: Partial<Limits>;
}

parentPort?.on("message", async ({ bytes, limits }: PoolTask) => {
  parentPort?.postMessage(await fingerprintBytes(bytes, { limits }));
});
