/** Asking our own server: nothing of the browser's goes along, and every failure is a code. */

export class ServerError extends Error {
  override readonly name = "ServerError";
  /** A code of docs/errors.md; `server_unreachable` when there was no answer. */
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** The code of anything that was thrown; `internal` for what is no ServerError. */
export const codeOf = (error: unknown): string => (error instanceof ServerError ? error.code : "internal");

/** A line that is this slow is a line that is gone; trying again does no harm. */
const TIMEOUT_MS = 45_000;

const codeIn = (answer: unknown): string => {
  if (typeof answer !== "object" || answer === null || !("error" in answer)) return "internal";
  const { error } = answer;
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "internal";
};

export interface Question {
  /** Left out: a GET. */
  readonly body?: BodyInit;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** 45 seconds unless told. */
  readonly timeoutMs?: number;
}

/** The parsed answer; it has the shape of its schema, for it is our own server. Throws ServerError. */
export const askServer = async (
  path: string,
  { body, headers = {}, signal, timeoutMs = TIMEOUT_MS }: Question = {},
): Promise<unknown> => {
  let isOk: boolean;
  let answer: unknown;
  try {
    const response = await fetch(path, {
      method: body === undefined ? "GET" : "POST",
      credentials: "omit",
      cache: "no-store",
      referrerPolicy: "no-referrer",
      headers,
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])]),
    });
    isOk = response.ok;
    answer = await response.json();
  } catch {
    throw new ServerError(signal?.aborted === true ? "cancelled" : "server_unreachable");
  }
  if (!isOk) throw new ServerError(codeIn(answer));
  return answer;
};
