/** What the page that plays the platform says to the gate. Every failure is a ServerError with a code. */
import type { CheckAnswer, LateMatches, Match, Opinion, Signal } from "@recourse/protocol";
import { askServer } from "../ask-server.ts";

const ask = (path: string, key: string, body: BodyInit, type: string, timeoutMs?: number): Promise<unknown> =>
  askServer(path, {
    body,
    headers: { authorization: `Bearer ${key}`, "content-type": type },
    ...(timeoutMs !== undefined && { timeoutMs }),
  });

/** A gate reads a long video for minutes. */
const FILE_TIMEOUT_MS = 10 * 60_000;

/** Pictures say their type; a video goes as bytes, which the gate looks at anyway. */
export const checkFile = async (key: string, file: File): Promise<CheckAnswer> =>
  (await ask(
    "/api/gate/check",
    key,
    file,
    file.type.startsWith("image/") ? file.type : "application/octet-stream",
    FILE_TIMEOUT_MS,
  )) as CheckAnswer;

export const checkSignals = async (key: string, signals: readonly Signal[]): Promise<CheckAnswer> =>
  (await ask("/api/gate/check", key, JSON.stringify({ signals }), "application/json")) as CheckAnswer;

export const giveOpinion = async (key: string, id: string, opinion: Opinion): Promise<void> => {
  await ask(`/api/gate/matches/${id}/opinion`, key, JSON.stringify({ opinion }), "application/json");
};

const LATE_ASKS = 12;
const LATE_PAUSE_MS = 500;

/** What the gate finds after its answer, asked for until there is something or a few seconds have passed. */
export const lateMatches = async (key: string, checkId: string): Promise<readonly Match[]> => {
  const found: Match[] = [];
  let after = "";
  for (let round = 0; round < LATE_ASKS && found.length === 0; round += 1) {
    await new Promise((resolve) => setTimeout(resolve, LATE_PAUSE_MS));
    for (let isMore = true; isMore;) {
      const { matches, next } = (await askServer(`/api/gate/late-matches${after}`, {
        headers: { authorization: `Bearer ${key}` },
      })) as LateMatches;
      found.push(...matches.filter((late) => late.checkId === checkId).map(({ match }) => match));
      isMore = matches.length > 0;
      after = `?after=${next}`;
    }
  }
  return found;
};
