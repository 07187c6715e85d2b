import { Button } from "../design/button.tsx";
import { Step } from "../design/step.tsx";
import { useText } from "../messages/translate.tsx";

/** Before anything else: how to leave, what stays behind, how to come back. */
export const Intro = ({ onStart }: { readonly onStart: () => void }) => {
  const t = useText();
  return (
    <Step title={t("intro.title")}>
      <ul className="card points">
        {(["leave", "history", "spyware", "saved", "return"] as const).map((part) => (
          <li key={part}>
            <strong>{t(`intro.head.${part}`)}</strong>
            <span>{t(`intro.${part}`)}</span>
          </li>
        ))}
      </ul>
      <div className="row end">
        <Button onPress={onStart}>{t("intro.start")}</Button>
      </div>
    </Step>
  );
};
