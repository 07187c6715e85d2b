/** A thread of the run: does one job after the other. */
import { parentPort } from "node:worker_threads";
import sharp from "sharp";
import { doJob, type Job, type Shared } from "./jobs.ts";

export interface Order {
  readonly id: number;
  readonly job: Job;
}

const port = parentPort;
if (port === null) throw new Error("this file is the script of a thread");
// One thread of libvips for each of ours: as many as there are cores in all.
sharp.concurrency(1);
sharp.cache(false);

let shared: Shared = { photographs: [], entries: [] };
port.on("message", (message: { readonly shared: Shared } | Order) => {
  if ("shared" in message) {
    shared = message.shared;
    return;
  }
  doJob(message.job, shared).then(
    (result) => port.postMessage({ id: message.id, result }),
    (error: unknown) =>
      port.postMessage({ id: message.id, failure: error instanceof Error ? (error.stack ?? error.message) : "failed" }),
  );
});
