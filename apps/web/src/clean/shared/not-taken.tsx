import { Button } from "../../design/button.tsx";
import { Step } from "../../design/step.tsx";
import { useText } from "../../messages/translate.tsx";
import { Notice } from "../../design/notice.tsx";

const choose = (): void => window.location.replace("/clean");

/** Whether this page is the answer to files that were sent; it can be asked for without. */
const isRefusal = (): boolean => {
  const [visit] = performance.getEntriesByType("navigation");
  return visit instanceof PerformanceNavigationTiming && visit.responseStatus === 405;
};

/** Shown in place of the cleaned files where no worker took what was shared, so that the server had to refuse it. */
export const NotTaken = () => {
  const t = useText();
  return (
    <Step title={t(isRefusal() ? "share.sent.title" : "share.nothing.title")}>
      {isRefusal() ? (
        <>
          <p className="lead">{t("share.sent.lead")}</p>
          <Notice kind="attention">
            <p>{t("share.sent.crossed")}</p>
          </Notice>
          <p>{t("share.sent.next")}</p>
        </>
      ) : (
        <p className="lead">{t("share.nothing.lead")}</p>
      )}
      <div className="row end">
        <Button onPress={choose}>{t("share.sent.choose")}</Button>
      </div>
    </Step>
  );
};
