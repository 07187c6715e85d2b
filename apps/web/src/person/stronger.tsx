import { useState } from "react";
import { Button } from "../design/button.tsx";
import { Notice } from "../design/notice.tsx";
import { RadioChoice } from "../design/radio-choice.tsx";
import { Step } from "../design/step.tsx";
import { useText } from "../messages/translate.tsx";

interface StrongerProps {
  /** What was chosen before, in this visit. */
  readonly chosen: boolean | undefined;
  readonly onChoose: (isStronger: boolean) => void;
  readonly onBack: () => void;
}

/** Stronger recognition: what it gives and what it costs, then yes or no. Nothing is chosen for the person. */
export const Stronger = ({ chosen, onChoose, onBack }: StrongerProps) => {
  const t = useText();
  const [answer, setAnswer] = useState<"yes" | "no" | undefined>(
    chosen === undefined ? undefined : chosen ? "yes" : "no",
  );
  const [isMissing, setMissing] = useState(false);
  return (
    <Step title={t("stronger.title")}>
      <p className="lead">{t("stronger.lead")}</p>
      <section className="card">
        <h2>{t("stronger.gives")}</h2>
        <p>{t("stronger.gives.text")}</p>
        <h2>{t("stronger.costs")}</h2>
        <ul>
          {(["1", "2", "3", "4"] as const).map((part) => (
            <li key={part}>{t(`stronger.costs.${part}`)}</li>
          ))}
        </ul>
      </section>
      <div className="after">
        <RadioChoice
          label={t("stronger.question")}
          value={answer}
          onChange={setAnswer}
          options={[
            { value: "yes", text: t("stronger.yes") },
            { value: "no", text: t("stronger.no") },
          ]}
        />
      </div>
      <p className="soft">{t("stronger.later")}</p>
      {isMissing && answer === undefined && (
        <Notice kind="attention" isAlert>
          <p>{t("stronger.missing")}</p>
        </Notice>
      )}
      <div className="row end">
        <Button kind="quiet" onPress={onBack}>
          {t("app.back")}
        </Button>
        <Button
          onPress={() => {
            if (answer === undefined) setMissing(true);
            else onChoose(answer === "yes");
          }}
        >
          {t("app.continue")}
        </Button>
      </div>
    </Step>
  );
};
