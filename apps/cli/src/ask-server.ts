/** Speaking to a Recourse server over HTTP. */
import { isErrorCode } from "@recourse/protocol";
import { CANCELLED, CommandFailure } from "./failure.ts";

export interface ServerAddress {
  readonly url: string;
  readonly key: string;
}

const TIMEOUT_MS = 60_000;

const errorCode = (body: unknown): string | undefined => {
  if (typeof body !== "object" || body === null || !("error" in body)) return undefined;
  const { error } = body;
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
};

/** The parsed answer. Throws CommandFailure with the server's code, or `server_unreachable`. */
export const askServer = async (
  server: ServerAddress,
  path: string,
  request: {
    readonly json?: unknown;
    readonly bytes?: Uint8Array<ArrayBuffer>;
    readonly signal?: AbortSignal;
  } = {},
): Promise<unknown> => {
  const headers: Record<string, string> = { authorization: `Bearer ${server.key}` };
  if (request.json !== undefined) headers["content-type"] = "application/json";
  if (request.bytes !== undefined) headers["content-type"] = "application/octet-stream";
  const sent = request.bytes ?? (request.json === undefined ? undefined : JSON.stringify(request.json));
  let status: number;
  let body: unknown;
  try {
    const response = await fetch(new URL(path, server.url), {
      method: sent === undefined ? "GET" : "POST",
      headers,
      ...(sent === undefined ? {} : { body: sent }),
      signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), ...(request.signal ? [request.signal] : [])]),
    });
    status = response.status;
    body = await response.json();
  } catch {
    if (request.signal?.aborted) throw new CommandFailure("cancelled", CANCELLED);
    throw new CommandFailure("server_unreachable", 3);
  }
  if (status < 300) return body;
  const code = errorCode(body);
  throw new CommandFailure(code !== undefined && isErrorCode(code) ? code : "server_unreachable", 3);
};
