/** What the page that plays the platform says to the gate. Every failure is a ServerError with a code. */
import type { CheckAnswer, Opinion, Signal } from "@recourse/protocol";
import { askServer } from "../ask-server.ts";

const ask = (path: string, key: string, body: BodyInit, type: string): Promise<unknown> =>
  askServer(path, { body, headers: { authorization: `Bearer ${key}`, "content-type": type } });

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
