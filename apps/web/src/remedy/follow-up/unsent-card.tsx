/** A letter of the case that is not known to have gone out: made ready elsewhere, or being sent when something broke. */
import { type CaseNotice, findRegime } from "@recourse/remedy";
import { Button } from "../../design/button.tsx";
import { English } from "../law-words.tsx";
import { PlaceName } from "../place-name.tsx";
import type { RemedyCase } from "../use-case.ts";
import { useWords } from "../words.tsx";

interface UnsentCardProps {
  readonly remedyCase: RemedyCase;
  readonly notice: CaseNotice;
}

export const UnsentCard = ({ remedyCase: { apply }, notice }: UnsentCardProps) => {
  const t = useWords();
  const { id, attemptedAt, letter, recipient, sentBy, state } = notice;
  const regime = findRegime(notice.regime);
  if (regime === undefined || (state !== "ready" && state !== "unsure")) return null;
  const markSent = (): void =>
    // What was tried, and turns out to have gone out, went out then.
    apply([
      { type: "sent", at: attemptedAt ?? new Date().toISOString(), id, by: sentBy ?? "by_hand" },
      { type: "time", at: new Date().toISOString() },
    ]);
  return (
    <section className="card sent" aria-label={`${recipient}, ${regime.name}`}>
      <h2>
        <PlaceName>{recipient}</PlaceName>
      </h2>
      <p>
        <English>{regime.name}</English> · {t(`follow.kind.${notice.kind}`)}
      </p>
      <p>{t(state === "unsure" ? "follow.unsure" : "follow.ready")}</p>
      {letter !== undefined && (
        <div className="preview" dir="auto">
          {`${letter.subject}\n\n${letter.body}\n`}
        </div>
      )}
      <div className="row">
        <Button kind="secondary" onPress={markSent}>
          {t(state === "unsure" ? "follow.unsure.sent" : "out.sent")}
        </Button>
        {state === "unsure" && (
          <Button kind="quiet" onPress={() => apply([{ type: "not_sent", at: new Date().toISOString(), id }])}>
            {t("follow.unsure.not")}
          </Button>
        )}
      </div>
    </section>
  );
};
