/** The thread of the look-back (look-back-thread.ts): its own connections, and nothing of the gate's. */
import { parentPort, workerData } from "node:worker_threads";
import { openDatabase } from "@recourse/bank";
import { runLookBack } from "./look-back-loop.ts";
import type { LookBackThreadData } from "./look-back-thread.ts";

const port = parentPort;
if (port === null) throw new Error("this file is a worker's");
// The cast: what look-back-thread.ts starts it with.
const { connectionString, memoryBytes } = workerData as LookBackThreadData;
const database = openDatabase({ connectionString, poolSize: 3 });
const loop = runLookBack({ database, memoryBytes, onEvent: (event) => port.postMessage(event) });

const close = async (): Promise<void> => {
  await loop.close();
  await database.close();
  port.close();
};

// The only thing it is ever told.
port.once("message", () => void close());
