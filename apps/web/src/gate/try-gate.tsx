import type { CheckAnswer } from "@recourse/protocol";
import { useState } from "react";
import { FileTrigger } from "react-aria-components/FileTrigger";
import { codeOf } from "../ask-server.ts";
import { Button } from "../design/button.tsx";
import { Fold } from "../design/fold.tsx";
import { Notice } from "../design/notice.tsx";
import { Step } from "../design/step.tsx";
import { TextField } from "../design/text-field.tsx";
import { type MessageKey, problemKey, useText } from "../messages/translate.tsx";
import { checkPicture, checkSignals, giveOpinion } from "./gate-client.ts";
import { MatchRow } from "./match-row.tsx";
import { readSignals, SIGNALS_LIMIT } from "./read-signals.ts";

/** Why the gate could not read a picture, or only in part: codes that have a sentence of their own. */
const FILE_REASONS: readonly string[] = [
  "empty_file",
  "file_too_large",
  "too_many_pixels",
  "not_an_image",
  "unsupported_format",
  "image_damaged",
  "decode_timeout",
  "picture_too_plain",
];

const reasonKey = (reason: string): MessageKey =>
  // The list above holds only codes that have a sentence.
  FILE_REASONS.includes(reason) ? (`file.${reason}` as MessageKey) : "problem.other";

/** Only what was read and is in no bank is good news. */
const NOTICE_KINDS = { match: "attention", no_match: "good", unscannable: "plain" } as const;

/** Plays the platform: sends an upload to the gate and shows its verdict. */
export const TryGate = () => {
  const t = useText();
  const [typedKey, setTypedKey] = useState("");
  const [typedSignals, setTypedSignals] = useState("");
  const [signalsError, setSignalsError] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<{ readonly check: CheckAnswer; readonly ms: number }>();
  const [problem, setProblem] = useState<string>();
  const key = typedKey.trim();

  const check = async (ask: () => Promise<CheckAnswer>): Promise<void> => {
    setAnswer(undefined);
    setProblem(undefined);
    setBusy(true);
    const startedAt = performance.now();
    try {
      const found = await ask();
      setAnswer({ check: found, ms: Math.round(performance.now() - startedAt) });
    } catch (error) {
      setProblem(codeOf(error));
    } finally {
      setBusy(false);
    }
  };

  const checkTyped = (): void => {
    const read = readSignals(typedSignals);
    if (read.ok) {
      setSignalsError(undefined);
      void check(() => checkSignals(key, read.signals));
    } else {
      setSignalsError(
        read.line === undefined
          ? t("try.signals.none", { limit: SIGNALS_LIMIT })
          : t("try.signals.wrong", { line: read.line }),
      );
    }
  };

  return (
    <Step title={t("try.title")}>
      <Notice kind="attention">
        <p>{t("try.role")}</p>
      </Notice>
      <TextField name="gate" label={t("try.key")} hint={t("try.key.hint")} value={typedKey} onChange={setTypedKey} />
      <div className="row">
        <FileTrigger
          acceptedFileTypes={["image/*"]}
          onSelect={(files) => {
            const file = files?.[0];
            if (file !== undefined) void check(() => checkPicture(key, file));
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
        {answer !== undefined && (
          <Notice kind={NOTICE_KINDS[answer.check.verdict]}>
            <p className="verdict">{t(`try.${answer.check.verdict}`)}</p>
            {answer.check.reason !== undefined && <p>{t(reasonKey(answer.check.reason))}</p>}
            <p className="soft">{t("try.time", { ms: answer.ms })}</p>
          </Notice>
        )}
      </section>
      {answer !== undefined && answer.check.matches.length > 0 && (
        <ul className="list">
          {answer.check.matches.map((match) => (
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
