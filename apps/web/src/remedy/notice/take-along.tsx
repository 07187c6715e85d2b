import { type Facts, type Notice, type Regime, toCloudflare, toDeskNotice, toXarf } from "@recourse/remedy";
import { useState } from "react";
import { Button } from "../../design/button.tsx";
import { Fold } from "../../design/fold.tsx";
import { saveNeutral } from "../save-text.ts";
import { TakeLetter } from "./take-letter.tsx";
import { useWords } from "../words.tsx";

interface TakeAlongProps {
  readonly notice: Notice;
  readonly regime: Regime;
  readonly facts: Facts;
  /** A bare mail address, or none yet. */
  readonly address: string | undefined;
  readonly onSent: () => void;
}

/** A complete notice in every form it is sent in. Nothing is sent from here. */
export const TakeAlong = ({ notice, regime, facts, address, onSent }: TakeAlongProps) => {
  const t = useWords();
  const [said, setSaid] = useState("");
  const [deskId] = useState(() => crypto.randomUUID());
  const save = (content: string): void => {
    setSaid(t("save.saved", { name: saveNeutral(content, "json") }));
  };
  const cloudflare = toCloudflare(notice, facts);
  const saveXarf = (): void => {
    const xarf = toXarf(notice, facts, regime, {
      timestamp: new Date().toISOString(),
      reportIds: notice.urls.map(() => crypto.randomUUID()),
    });
    if (xarf.ok) save(JSON.stringify(xarf.reports, null, 2));
    else setSaid(t("out.xarf.missing"));
  };
  const saveForDesk = (): void => {
    // Sent again, it has to be known again.
    const desk = toDeskNotice(notice, facts, regime, { id: deskId, madeAt: new Date().toISOString() });
    if (desk.ok) save(JSON.stringify(desk.notice, null, 2));
  };
  return (
    <section aria-labelledby="out-title">
      <h2 id="out-title">{t("out.title")}</h2>
      <p className="soft small">{t("notice.noPicture")}</p>
      <TakeLetter notice={notice} signature={facts.signature} address={address} onSay={setSaid}>
        <Button kind="secondary" onPress={() => window.print()}>
          {t("out.print")}
        </Button>
      </TakeLetter>
      {/* For search engines and authorities there are no such forms. */}
      {regime.recipients.some((kind) => kind === "platform" || kind === "host" || kind === "cdn") &&
        notice.urls.length > 0 && (
          <Fold title={t("out.machine")} level={3}>
            <p>{t("out.machine.lead")}</p>
            <p>{t("out.desk.lead")}</p>
            <div className="row">
              <Button kind="secondary" onPress={saveXarf}>
                {t("out.xarf")}
              </Button>
              <Button kind="secondary" onPress={saveForDesk}>
                {t("out.desk")}
              </Button>
              {cloudflare.ok && (
                <Button kind="secondary" onPress={() => save(JSON.stringify(cloudflare.reports, null, 2))}>
                  {t("out.cloudflare")}
                </Button>
              )}
            </div>
            {!cloudflare.ok && <p className="soft small">{t("out.cloudflare.missing")}</p>}
          </Fold>
        )}
      <p role="status">{said}</p>
      <p>{t("out.sent.lead")}</p>
      <Button onPress={onSent}>{t("out.sent")}</Button>
    </section>
  );
};
