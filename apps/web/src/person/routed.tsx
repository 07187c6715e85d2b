import { Button } from "../design/button.tsx";
import { OutsideLink } from "../design/outside-link.tsx";
import { Step } from "../design/step.tsx";
import { type MessageKey, useText } from "../messages/translate.tsx";

/** Services for pictures of people under 18. Names are data, the same in every language. */
const SERVICES: readonly { readonly name: string; readonly site: string; readonly text: MessageKey }[] = [
  { name: "Take It Down (NCMEC)", site: "takeitdown.ncmec.org", text: "young.ncmec" },
  { name: "Report Remove (Childline, IWF)", site: "www.childline.org.uk/remove", text: "young.reportremove" },
  { name: "Internet Watch Foundation", site: "report.iwf.org.uk", text: "young.iwf" },
];

/** For pictures of anyone under 18, or perhaps: those who can help. No picture is read on this way. */
export const Young = ({ onBack }: { readonly onBack: () => void }) => {
  const t = useText();
  return (
    <Step title={t("young.title")}>
      <p className="lead">{t("young.lead")}</p>
      <ul className="list">
        {SERVICES.map((service) => (
          <li key={service.site}>
            <OutsideLink site={service.site}>
              <strong>
                <bdi>{service.name}</bdi>
              </strong>
            </OutsideLink>
            <div>{t(service.text)}</div>
          </li>
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
