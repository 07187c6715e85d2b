import type { Mix } from "../case/picture.ts";
import { Button } from "../design/button.tsx";
import { Notice } from "../design/notice.tsx";
import { Step } from "../design/step.tsx";
import { useText } from "../messages/translate.tsx";
import { KeepSecrets } from "./keep-secrets.tsx";
import type { PlannedCase } from "./send-items.ts";

interface DoneProps {
  readonly planned: PlannedCase;
  readonly isNew: boolean;
  readonly added: number;
  readonly mix: Mix;
  /** Files that were chosen but could not be used. */
  readonly leftOut: number;
  readonly onFinish: () => void;
}

/** What was done, what to keep, what comes next. */
export const Done = ({ planned, isNew, added, mix, leftOut, onFinish }: DoneProps) => {
  const t = useText();
  return (
    <Step title={isNew ? t(`done.title.${mix}`) : t("done.added")}>
      <p className="lead no-print">{t("done.lead", { count: added })}</p>
      {leftOut > 0 && (
        <Notice kind="attention">
          <p>{t("choose.leftOut", { count: leftOut })}</p>
        </Notice>
      )}
      {isNew ? (
        <KeepSecrets opened={planned} recoveryCodes={planned.recoveryCodes} onFinish={onFinish} />
      ) : (
        <Button onPress={onFinish}>{t("done.finish")}</Button>
      )}
      <section className="no-print after">
        <h2>{t("done.next")}</h2>
        <ul>
          {(["1", "2", "3"] as const).map((part) => (
            <li key={part}>{t(`done.next.${part}`)}</li>
          ))}
        </ul>
      </section>
    </Step>
  );
};
