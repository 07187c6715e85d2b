/** What the page that plays the platform says to the gate. Every failure is a GateError with a code. */
import type { CheckAnswer, Opinion, Signal } from "@recourse/protocol";

export class GateError extends Error {
  override readonly name = "GateError";
  /** A code of docs/errors.md; `server_unreachable` when there was no answer. */
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** Asks as a platform would. The answer has the schema's shape: it is our own server. */
const ask = async (path: string, key: string, body: BodyInit, type: string): Promise<unknown> => {
  const response = await fetch(path, {
    method: "POST",
    body,
    cache: "no-store",
    credentials: "omit",
    referrerPolicy: "no-referrer",
    headers: { authorization: `Bearer ${key}`, "content-type": type },
  }).catch(() => {
    throw new GateError("server_unreachable");
  });
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok) return answer;
  const error = typeof answer === "object" && answer !== null && "error" in answer ? answer.error : undefined;
  throw new GateError(typeof error === "object" && error !== null && "code" in error ? String(error.code) : "internal");
};

export const checkPicture = async (key: string, file: File): Promise<CheckAnswer> =>
  (await ask(
    "/api/gate/check",
    key,
    file,
    file.type.startsWith("image/") ? file.type : "application/octet-stream",
  )) as CheckAnswer;

export const checkSignals = async (key: string, signals: readonly Signal[]): Promise<CheckAnswer> =>
  (await ask("/api/gate/check", key, JSON.stringify({ signals }), "application/json")) as CheckAnswer;

export const giveOpinion = async (key: string, id: string, opinion: Opinion): Promise<void> => {
  await ask(`/api/gate/matches/${id}/opinion`, key, JSON.stringify({ opinion }), "application/json");
};
