/** The thread of the look-back (look-back-thread.ts): its own connections, and nothing of the gate's. */
import { parentPort, workerData } from "node:worker_threads";
import { openDatabase } from "@recourse/bank";
import type { ColumnScan } from "@recourse/match";
import { createClickHouseColumns } from "./clickhouse/clickhouse-columns.ts";
import type { ClickHouseAddress } from "./clickhouse/connect.ts";
import type { FarColumnStore } from "./column-store.ts";
import { runLookBack } from "./look-back-loop.ts";
import type { LookBackThreadData } from "./look-back-thread.ts";

const port = parentPort;
if (port === null) throw new Error("this file is a worker's");
// The cast: what look-back-thread.ts starts it with.
const { connectionString, memoryBytes, clickHouse } = workerData as LookBackThreadData;
const database = openDatabase({ connectionString, poolSize: 3 });
let far: FarColumnStore | undefined;
const connectFar = (address: ClickHouseAddress) => (scan: ColumnScan) => (far = createClickHouseColumns(address, scan));
const loop = runLookBack({
  database,
  memoryBytes,
  far: clickHouse === undefined ? undefined : connectFar(clickHouse),
  onEvent: (event) => port.postMessage(event),
});

const close = async (): Promise<void> => {
  await loop.close();
  await far?.close();
  await database.close();
  port.close();
};

// The only thing it is ever told.
port.once("message", () => void close());
