import { Button } from "../design/button.tsx";
import { Fold } from "../design/fold.tsx";
import { Notice } from "../design/notice.tsx";
import { useText } from "../messages/translate.tsx";
import type { OpenedCase } from "./flow.ts";
import { SecretLine } from "./secret-line.tsx";

interface CaseReminderProps {
  readonly opened: OpenedCase;
  readonly onSee: (() => void) | undefined;
}

/** Above every screen while a case is open in this visit: its number and key, and the way to it. */
export const CaseReminder = ({ opened, onSee }: CaseReminderProps) => {
  const t = useText();
  return (
    <Notice>
      <div className="list-head">
        <span>{t("reminder.text")}</span>
        {onSee !== undefined && (
          <Button kind="quiet" onPress={onSee}>
            {t("done.finish")}
          </Button>
        )}
      </div>
      <Fold title={t("reminder.show")} level={2}>
        <SecretLine name={t("done.number")} value={opened.caseNumber} />
        <SecretLine name={t("done.key")} value={opened.key} />
      </Fold>
    </Notice>
  );
};
