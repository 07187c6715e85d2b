import { Button } from "../design/button.tsx";
import { Step } from "../design/step.tsx";
import { useText } from "../messages/translate.tsx";
import { YOUTH_SUPPORT } from "../support/directory.ts";
import { Entry } from "../support/entry.tsx";

/** For pictures of anyone under 18, or perhaps: those who can help. No picture is read on this way. */
export const Young = ({ onBack }: { readonly onBack: () => void }) => {
  const t = useText();
  return (
    <Step title={t("young.title")}>
      <p className="lead">{t("young.lead")}</p>
      <ul className="list">
        {(["takeItDown", "ncmec", "reportRemove", "iwf"] as const).map((name) => (
          <Entry key={name} entry={YOUTH_SUPPORT[name]}>
            {t(`young.${name}`)}
          </Entry>
        ))}
        <li>
          <strong>{t("young.police")}</strong>
          <div>{t("young.police.text")}</div>
        </li>
      </ul>
      <p>{t("young.trusted")}</p>
      <Button kind="quiet" onPress={onBack}>
        {t("app.back")}
      </Button>
    </Step>
  );
};

/** For who is neither in the pictures nor acts for who is. */
export const NoConsent = ({ onBack }: { readonly onBack: () => void }) => {
  const t = useText();
  return (
    <Step title={t("noConsent.title")}>
      <p className="lead">{t("noConsent.text")}</p>
      <Button kind="quiet" onPress={onBack}>
        {t("app.back")}
      </Button>
    </Step>
  );
};
