import type { CheckAnswer, Match, Media } from "@recourse/protocol";
import { useRef, useState } from "react";
import { FileTrigger } from "react-aria-components/FileTrigger";
import { codeOf } from "../ask-server.ts";
import { Button } from "../design/button.tsx";
import { Fold } from "../design/fold.tsx";
import { Notice } from "../design/notice.tsx";
import { Step } from "../design/step.tsx";
import { TextField } from "../design/text-field.tsx";
import { fileProblemKey, problemKey } from "../messages/problem-keys.ts";
import { useText } from "../messages/translate.tsx";
import { checkFile, checkSignals, giveOpinion, lateMatches } from "./gate-client.ts";
import { MatchRow } from "./match-row.tsx";
import { readSignals, SIGNALS_LIMIT } from "./read-signals.ts";

/** Only what was read and is in no bank is good news. */
const NOTICE_KINDS = { match: "attention", no_match: "good", unscannable: "plain" } as const;

interface Answer {
  readonly check: CheckAnswer;
  readonly ms: number;
  /** What was sent. */
  readonly media: Media;
}

/** Plays the platform: sends an upload to the gate and shows its verdict. */
export const TryGate = () => {
  const t = useText();
  const [typedKey, setTypedKey] = useState("");
  const [typedSignals, setTypedSignals] = useState("");
  const [signalsError, setSignalsError] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<Answer>();
  /** Found after the answer; undefined while that is being asked for. */
  const [late, setLate] = useState<readonly Match[]>();
  const asked = useRef(0);
  const [problem, setProblem] = useState<string>();
  const key = typedKey.trim();

  const check = async (ask: () => Promise<CheckAnswer>, media: Media): Promise<void> => {
    asked.current += 1;
    const mine = asked.current;
    setAnswer(undefined);
    setLate(undefined);
    setProblem(undefined);
    setBusy(true);
    const startedAt = performance.now();
    try {
      const found = await ask();
      setAnswer({ check: found, ms: Math.round(performance.now() - startedAt), media });
      setBusy(false);
      const more = found.later === undefined ? [] : await lateMatches(key, found.later.checkId);
      if (asked.current === mine) setLate(more);
    } catch (error) {
      if (asked.current === mine) setProblem(codeOf(error));
    } finally {
      if (asked.current === mine) setBusy(false);
    }
  };

  const checkTyped = (): void => {
    const read = readSignals(typedSignals);
    if (read.ok) {
      setSignalsError(undefined);
      void check(() => checkSignals(key, read.signals), "image");
    } else {
      setSignalsError(
        read.line === undefined
          ? t("try.signals.none", { limit: SIGNALS_LIMIT })
          : t("try.signals.wrong", { line: read.line }),
      );
    }
  };

  const lateSentence = (found: readonly Match[] | undefined): string =>
    found === undefined ? t("try.later") : t("try.late", { count: found.length });
  const matches = answer === undefined ? [] : [...answer.check.matches, ...(late ?? [])];
  const verdict = matches.length > 0 ? "match" : answer?.check.verdict;
  // What is still being looked for is no good news yet.
  const isOpen = verdict === "no_match" && answer?.check.later !== undefined && late === undefined;

  return (
    <Step title={t("try.title")}>
      <Notice kind="attention">
        <p>{t("try.role")}</p>
      </Notice>
      <TextField name="gate" label={t("try.key")} hint={t("try.key.hint")} value={typedKey} onChange={setTypedKey} />
      <div className="row">
        <FileTrigger
          acceptedFileTypes={["image/*", ".heic", ".heif", "video/*", ".mp4", ".mov", ".webm", ".mkv"]}
          onSelect={(files) => {
            const file = files?.[0];
            if (file !== undefined)
              void check(() => checkFile(key, file), file.type.startsWith("video/") ? "video" : "image");
          }}
        >
          <Button isDisabled={key === "" || isBusy}>{t("try.file")}</Button>
        </FileTrigger>
        {key === "" && <span className="soft">{t("try.keyMissing")}</span>}
      </div>
      <Fold title={t("try.or")} level={2}>
        <TextField
          name="signals"
          label={t("try.signals")}
          hint={t("try.signals.hint")}
          value={typedSignals}
          onChange={setTypedSignals}
          error={signalsError}
          lines={4}
        />
        <Button kind="secondary" isDisabled={key === "" || isBusy} onPress={checkTyped}>
          {t("try.signals.ask")}
        </Button>
      </Fold>
      <section aria-live="polite" className="after">
        {isBusy && <p>{t("try.asking")}</p>}
        {problem !== undefined && (
          <Notice kind="attention">
            <p>{t(problemKey(problem))}</p>
          </Notice>
        )}
        {answer === undefined && !isBusy && problem === undefined && <p className="soft">{t("try.empty")}</p>}
        {answer !== undefined && verdict !== undefined && (
          <Notice kind={isOpen ? "plain" : NOTICE_KINDS[verdict]}>
            <p className="verdict">{t(`try.${verdict}`)}</p>
            {answer.check.reason !== undefined && <p>{t(fileProblemKey(answer.check.reason, answer.media))}</p>}
            <p className="soft">{t("try.time", { ms: answer.ms })}</p>
            {answer.check.later !== undefined && <p>{lateSentence(late)}</p>}
          </Notice>
        )}
      </section>
      {matches.length > 0 && (
        <ul className="list">
          {matches.map((match) => (
            <MatchRow key={match.id} match={match} onOpinion={(opinion) => giveOpinion(key, match.id, opinion)} />
          ))}
        </ul>
      )}
      <p className="after">
        <a className="link" href="/">
          {t("try.toPerson")}
        </a>
      </p>
    </Step>
  );
};
