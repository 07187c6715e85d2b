/** Taking over what the worker holds: asked once, after which it holds nothing. */
import { findShareWorker } from "../../exit/share-worker.ts";
import { readMultipart, type ShareCode } from "./multipart.ts";
import type { HandedOver, ShareWorkerTask } from "./share-messages.ts";

export interface Taken {
  readonly files: readonly File[];
  /** Why there is nothing, or not all. */
  readonly code?: ShareCode;
}

export interface TakeOptions {
  /** No more files than that. */
  readonly filesLimit: number;
  readonly onProgress: (fraction: number) => void;
  readonly signal: AbortSignal;
}

/** As in the manifest. */
const FIELD = "files";
/** A worker that is not there in that time has ended, and with it what it held. */
const ANSWER_MS = 60_000;

const ask = async (): Promise<HandedOver | undefined> => {
  const worker = (await findShareWorker())?.active;
  if (worker === undefined || worker === null) return undefined;
  const { port1, port2 } = new MessageChannel();
  try {
    return await new Promise((resolve) => {
      port1.onmessage = ({ data }: MessageEvent<HandedOver>) => resolve(data);
      setTimeout(() => resolve(undefined), ANSWER_MS);
      worker.postMessage("take" satisfies ShareWorkerTask, [port2]);
    });
  } finally {
    port1.close();
  }
};

/** Rejects with the signal's reason and not otherwise. */
export const takeShared = async ({ filesLimit, onProgress, signal }: TakeOptions): Promise<Taken> => {
  const handed = await ask();
  signal.throwIfAborted();
  if (handed === undefined || (handed.bodies.length === 0 && handed.refused === 0)) {
    return { files: [], code: "share_lost" };
  }
  const files: File[] = [];
  let code: ShareCode | undefined = handed.refused > 0 ? "share_too_many" : undefined;
  for (const { body, type } of handed.bodies) {
    try {
      if (body === null) throw new TypeError("the browser could not read it");
      // oxlint-disable-next-line no-await-in-loop -- one large file at a time
      const found = await readMultipart(body, type, {
        field: FIELD,
        filesLimit: filesLimit - files.length,
        onProgress,
        signal,
      });
      if (found.ok) files.push(...found.files);
      else code = found.code;
    } catch {
      signal.throwIfAborted();
      code = "share_unreadable";
    }
    if (files.length >= filesLimit) break;
  }
  return { files, ...(code !== undefined && { code }) };
};
