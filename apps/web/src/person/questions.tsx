import { useState } from "react";
import { Button } from "../design/button.tsx";
import { Notice } from "../design/notice.tsx";
import { RadioChoice } from "../design/radio-choice.tsx";
import { Step } from "../design/step.tsx";
import { useText } from "../messages/translate.tsx";

interface QuestionsProps {
  readonly onYoung: () => void;
  readonly onNoConsent: () => void;
  readonly onFit: () => void;
  readonly onBack: () => void;
}

/** Age and consent, before any picture is touched. Under 18 or unsure leads to those who can help, and nowhere else. */
export const Questions = ({ onYoung, onNoConsent, onFit, onBack }: QuestionsProps) => {
  const t = useText();
  const [adult, setAdult] = useState<"yes" | "no" | "unsure">();
  const [consent, setConsent] = useState<"yes" | "no">();
  const [isMissing, setMissing] = useState(false);

  const goOn = (): void => {
    // Age first: whoever is too young needs no second answer.
    if (adult === "no" || adult === "unsure") onYoung();
    else if (adult === undefined || consent === undefined) setMissing(true);
    else if (consent === "no") onNoConsent();
    else onFit();
  };

  return (
    <Step title={t("questions.title")}>
      <RadioChoice
        label={t("questions.adult")}
        value={adult}
        onChange={setAdult}
        options={[
          { value: "yes", text: t("questions.adult.yes") },
          { value: "no", text: t("questions.adult.no") },
          { value: "unsure", text: t("questions.adult.unsure") },
        ]}
      />
      <RadioChoice
        label={t("questions.consent")}
        value={consent}
        onChange={setConsent}
        options={[
          { value: "yes", text: t("questions.consent.yes") },
          { value: "no", text: t("questions.consent.no") },
        ]}
      />
      {isMissing && (
        <Notice kind="attention" isAlert>
          <p>{t("questions.missing")}</p>
        </Notice>
      )}
      <div className="row end">
        <Button kind="quiet" onPress={onBack}>
          {t("app.back")}
        </Button>
        <Button onPress={goOn}>{t("app.continue")}</Button>
      </div>
    </Step>
  );
};
