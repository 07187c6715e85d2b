import { Button as AriaButton } from "react-aria-components/Button";
import { Step } from "../design/step.tsx";
import { useText } from "../messages/translate.tsx";
import { HowItWorks } from "./how-it-works.tsx";

interface StartProps {
  readonly onProtect: () => void;
  readonly onReturn: () => void;
  readonly onClean: () => void;
  readonly onPlan: () => void;
}

/** The ways on. */
export const Start = ({ onProtect, onReturn, onClean, onPlan }: StartProps) => {
  const t = useText();
  return (
    <Step title={t("start.title")}>
      <p className="lead">{t("start.lead")}</p>
      <div className="choices">
        <AriaButton className="card choice" onPress={onProtect}>
          <strong>{t("start.protect")}</strong>
          <span>{t("start.protect.text")}</span>
        </AriaButton>
        <AriaButton className="card choice" onPress={onPlan}>
          <strong>{t("start.plan")}</strong>
          <span>{t("start.plan.text")}</span>
        </AriaButton>
        <AriaButton className="card choice" onPress={onReturn}>
          <strong>{t("start.return")}</strong>
          <span>{t("start.return.text")}</span>
        </AriaButton>
        <AriaButton className="card choice" onPress={onClean}>
          <strong>{t("start.clean")}</strong>
          <span>{t("start.clean.text")}</span>
        </AriaButton>
      </div>
      <HowItWorks />
      <ul className="promises">
        <li>{t("start.promise.1")}</li>
        <li>{t("start.promise.2")}</li>
        <li>{t("start.promise.3")}</li>
      </ul>
    </Step>
  );
};
