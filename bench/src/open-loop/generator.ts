/**
 * An open-loop load, run as a process of its own: requests are due at fixed points in time, whatever the server does,
 * and each one's latency counts from when it was due. So a server that stops for a moment is charged for all who would
 * have waited; a generator that waits for answers before it asks again would leave them out (coordinated omission).
 *
 * Takes one JSON of `LoadOrder` on standard input, answers one of `LoadResult` on standard output. Plain sockets and the
 * least of HTTP that the server's answers need, so that the server gets the processor.
 */
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import type { LoadOrder, LoadResult } from "./order.ts";

const TICK_MS = 1;
const DRAIN_MS = 10_000;
const END_OF_HEAD = Buffer.from("\r\n\r\n");
const LENGTH = /\r\ncontent-length: (\d+)/i;

interface Line {
  readonly socket: Socket;
  /** When the request under way was due; undefined when there is none. */
  dueMs: number | undefined;
  isCounted: boolean;
  /** Of an answer that came in part. */
  waiting: Buffer | undefined;
  bodyLeft: number;
}

const order = JSON.parse(await text(process.stdin)) as LoadOrder; // written by run-load.ts
const requests = order.bodies.map((body) =>
  Buffer.from(
    `POST ${order.path} HTTP/1.1\r\nhost: ${order.host}:${order.port}\r\nauthorization: Bearer ${order.key}\r\n` +
      `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  ),
);

const latenciesMs: number[] = [];
let sent = 0;
let answered = 0;
let failed = 0;
let longestQueue = 0;
let latestSendMs = 0;
const idle: Line[] = [];
/** Due, and no line was free: a line of numbers, of which the first `queueAt` are done with. */
const queue: number[] = [];
let queueAt = 0;
const startMs = performance.now() + 200;
const countFromMs = startMs + order.warmUpSeconds * 1_000;
const endMs = countFromMs + order.seconds * 1_000;

const send = (line: Line, dueMs: number): void => {
  line.dueMs = dueMs;
  line.isCounted = dueMs >= countFromMs;
  const request = requests[sent % requests.length];
  if (request === undefined) throw new RangeError("bodies: at least one expected");
  sent += 1;
  line.socket.write(request);
};

const finish = (line: Line, status: number): void => {
  answered += 1;
  if (status !== order.status) failed += 1;
  if (line.isCounted && line.dueMs !== undefined) latenciesMs.push(performance.now() - line.dueMs);
  line.dueMs = undefined;
  const next = queue[queueAt];
  if (next === undefined) idle.push(line);
  else {
    queueAt += 1;
    if (queueAt === queue.length) queue.length = queueAt = 0;
    send(line, next);
  }
};

let status = 0;
const take = (line: Line, arrived: Buffer): void => {
  let chunk = line.waiting === undefined ? arrived : Buffer.concat([line.waiting, arrived]);
  line.waiting = undefined;
  while (chunk.length > 0) {
    if (line.bodyLeft > 0) {
      const took = Math.min(line.bodyLeft, chunk.length);
      line.bodyLeft -= took;
      chunk = chunk.subarray(took);
      if (line.bodyLeft === 0) finish(line, status);
      continue;
    }
    const headEnd = chunk.indexOf(END_OF_HEAD);
    if (headEnd < 0) {
      line.waiting = chunk;
      return;
    }
    const head = chunk.toString("latin1", 0, headEnd);
    status = Number(head.slice(9, 12));
    const length = Number(LENGTH.exec(head)?.[1] ?? Number.NaN);
    // All the server's answers have a length and a body.
    if (!(length > 0)) throw new Error("an answer without a length");
    line.bodyLeft = length;
    chunk = chunk.subarray(headEnd + END_OF_HEAD.length);
  }
};

const report = (): void => {
  latenciesMs.sort((a, b) => a - b);
  const at = (share: number): number =>
    latenciesMs[Math.min(latenciesMs.length - 1, Math.ceil(share * latenciesMs.length) - 1)] ?? Number.NaN;
  const { user, system } = process.cpuUsage();
  const result: LoadResult = {
    answered,
    failed: failed + (sent - answered),
    counted: latenciesMs.length,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    p999Ms: at(0.999),
    maxMs: at(1),
    longestQueue,
    latestSendMs,
    cpuSeconds: (user + system) / 1e6,
  };
  process.stdout.write(JSON.stringify(result), () => process.exit(0));
};

const open = (): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: order.host, port: order.port, noDelay: true });
    const line: Line = { socket, dueMs: undefined, isCounted: false, waiting: undefined, bodyLeft: 0 };
    socket.on("data", (chunk: Buffer) => take(line, chunk));
    socket.once("error", reject);
    socket.once("connect", () => {
      idle.push(line);
      resolve();
    });
  });
await Promise.all(Array.from({ length: order.connections }, open));

const gapMs = 1_000 / order.rate;
let next = 0;
const ticking = setInterval(() => {
  const nowMs = performance.now();
  for (;;) {
    const dueMs = startMs + next * gapMs;
    if (dueMs > nowMs || dueMs >= endMs) break;
    next += 1;
    latestSendMs = Math.max(latestSendMs, nowMs - dueMs);
    const line = idle.pop();
    if (line === undefined) queue.push(dueMs);
    else send(line, dueMs);
  }
  longestQueue = Math.max(longestQueue, queue.length - queueAt);
  const isDone = nowMs >= endMs && queue.length === queueAt && answered === sent;
  if (!isDone && nowMs < endMs + DRAIN_MS) return;
  clearInterval(ticking);
  report();
}, TICK_MS);
