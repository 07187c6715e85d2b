import type { CheckAnswer, Match, Opinion } from "@recourse/protocol";
import { useState } from "react";
import { FileTrigger } from "react-aria-components/FileTrigger";
import { Button } from "../design/button.tsx";
import { Notice } from "../design/notice.tsx";
import { Step } from "../design/step.tsx";
import { TextField } from "../design/text-field.tsx";
import { type MessageKey, problemKey, useText } from "../messages/translate.tsx";

const FILE_REASONS: readonly string[] = [
  "empty_file",
  "file_too_large",
  "too_many_pixels",
  "not_an_image",
  "unsupported_format",
  "image_damaged",
  "decode_timeout",
];

const reasonKey = (reason: string): MessageKey =>
  // The list above holds only codes that have a sentence.
  FILE_REASONS.includes(reason) ? (`file.${reason}` as MessageKey) : "problem.other";

class GateProblem extends Error {}

/** Asks the gate as a platform would. The answer has the schema's shape: it is our own server. */
const ask = async (path: string, key: string, body: BodyInit, type: string): Promise<unknown> => {
  const response = await fetch(path, {
    method: "POST",
    body,
    cache: "no-store",
    credentials: "omit",
    headers: { authorization: `Bearer ${key}`, "content-type": type },
  }).catch(() => {
    throw new GateProblem("server_unreachable");
  });
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok) return answer;
  const error = typeof answer === "object" && answer !== null && "error" in answer ? answer.error : undefined;
  const code = typeof error === "object" && error !== null && "code" in error ? String(error.code) : "internal";
  throw new GateProblem(code);
};

const MatchRow = ({ match, onOpinion }: { readonly match: Match; readonly onOpinion: (opinion: Opinion) => void }) => {
  const t = useText();
  const [isSent, setSent] = useState(false);
  const give = (opinion: Opinion): void => {
    onOpinion(opinion);
    setSent(true);
  };
  return (
    <li>
      <p>{t("try.distance", { signal: match.signalType.toUpperCase(), bits: match.distance, bank: match.bank })}</p>
      <div className="distance" aria-hidden="true">
        <div style={{ inlineSize: `${Math.max(3, (100 * match.distance) / 31)}%` }} />
      </div>
      <p className="spaced">{t("try.opinion")}</p>
      <div className="row">
        <Button kind="secondary" onPress={() => give("blocked")}>
          {t("try.opinion.blocked")}
        </Button>
        <Button kind="secondary" onPress={() => give("false_match")}>
          {t("try.opinion.false_match")}
        </Button>
        <span role="status">{isSent ? t("try.opinion.sent") : ""}</span>
      </div>
    </li>
  );
};

/** Plays the platform: sends an upload to the gate and shows its verdict. */
export const TryGate = () => {
  const t = useText();
  const [key, setKey] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<{ readonly check: CheckAnswer; readonly ms: number }>();
  const [problem, setProblem] = useState<string>();

  const check = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    setAnswer(undefined);
    setProblem(undefined);
    setBusy(true);
    const startedAt = performance.now();
    try {
      const type = file.type.startsWith("image/") ? file.type : "application/octet-stream";
      const found = (await ask("/api/gate/check", key.trim(), file, type)) as CheckAnswer;
      setAnswer({ check: found, ms: Math.round(performance.now() - startedAt) });
    } catch (error) {
      setProblem(error instanceof GateProblem ? error.message : "internal");
    } finally {
      setBusy(false);
    }
  };

  const giveOpinion = (id: string, opinion: Opinion): void => {
    void ask(`/api/gate/matches/${id}/opinion`, key.trim(), JSON.stringify({ opinion }), "application/json").catch(
      (error: unknown) => setProblem(error instanceof GateProblem ? error.message : "internal"),
    );
  };

  return (
    <Step title={t("try.title")}>
      <Notice kind="attention">
        <p>{t("try.role")}</p>
      </Notice>
      <TextField name="gate" label={t("try.key")} hint={t("try.key.hint")} value={key} onChange={setKey} />
      <div className="row">
        <FileTrigger acceptedFileTypes={["image/*"]} onSelect={(files) => void check(files?.[0])}>
          <Button isDisabled={key.trim() === "" || isBusy}>{t("try.file")}</Button>
        </FileTrigger>
        {key.trim() === "" && <span className="soft">{t("try.keyMissing")}</span>}
      </div>
      <section aria-live="polite" className="after">
        {isBusy && <p>{t("try.asking")}</p>}
        {problem !== undefined && (
          <Notice kind="attention">
            <p>{t(problemKey(problem))}</p>
          </Notice>
        )}
        {answer === undefined && !isBusy && problem === undefined && <p className="soft">{t("try.empty")}</p>}
        {answer !== undefined && (
          <Notice kind={answer.check.verdict === "match" ? "attention" : "good"}>
            <p className="verdict">{t(`try.${answer.check.verdict}`)}</p>
            {answer.check.reason !== undefined && <p>{t(reasonKey(answer.check.reason))}</p>}
            <p className="soft">{t("try.time", { ms: answer.ms })}</p>
          </Notice>
        )}
        {answer !== undefined && answer.check.matches.length > 0 && (
          <ul className="list">
            {answer.check.matches.map((match) => (
              <MatchRow key={match.id} match={match} onOpinion={(opinion) => giveOpinion(match.id, opinion)} />
            ))}
          </ul>
        )}
      </section>
      <p className="after">
        <a className="link" href="/">
          {t("try.toPerson")}
        </a>
      </p>
    </Step>
  );
};
