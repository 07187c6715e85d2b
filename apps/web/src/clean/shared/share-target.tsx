import { useRef, useState } from "react";
import { Button } from "../../design/button.tsx";
import { Fold } from "../../design/fold.tsx";
import { Notice } from "../../design/notice.tsx";
import { useText } from "../../messages/translate.tsx";
import { useShareTarget } from "./use-share-target.ts";

const POINTS = ["app", "worker", "maker", "lost", "dont"] as const;

/** Sharing to this page: what it would leave on the device, then the buttons that turn it on and off. */
export const ShareTarget = () => {
  const t = useText();
  const { state, isBusy, hasFailed, isDropped, install, turnOn, turnOff } = useShareTarget();
  const [said, setSaid] = useState("");
  const status = useRef<HTMLParagraphElement>(null);
  if (state === "looking" || state === "impossible") return null;
  const isOn = state === "on";

  const change = async (): Promise<void> => {
    await (isOn ? turnOff() : turnOn());
    setSaid(t(isOn ? "share.isOff" : "share.isOn"));
    // The button says another thing now: what became of it is read first.
    status.current?.focus();
  };

  return (
    <>
      {isDropped && (
        <Notice kind="attention">
          <p>{t("share.dropped")}</p>
        </Notice>
      )}
      <Fold key={String(isDropped)} title={t(isOn ? "share.titleOn" : "share.title")} level={2} startsOpen={isDropped}>
        <p>{t("share.lead")}</p>
        <ul>
          {POINTS.map((point) => (
            <li key={point}>
              <strong>{t(`share.head.${point}`)}</strong> {t(`share.${point}`)}
            </li>
          ))}
        </ul>
        <p role="status" ref={status} tabIndex={-1} className="said">
          {hasFailed ? t("share.problem.share_not_possible") : said}
        </p>
        {isOn && install === undefined && <p>{t("share.install.how")}</p>}
        {(isOn || said !== "" || isDropped) && <p className="soft">{t("share.uninstall")}</p>}
        <div className="row">
          {install !== undefined && <Button onPress={install}>{t("share.install")}</Button>}
          <Button kind="secondary" isDisabled={isBusy} onPress={() => void change()}>
            {t(isOn ? "share.off" : "share.on")}
          </Button>
        </div>
      </Fold>
    </>
  );
};
