import { Fold } from "../../design/fold.tsx";
import { RadioChoice } from "../../design/radio-choice.tsx";
import { Tick } from "../../design/tick.tsx";
import type { RemedyCase } from "../use-case.ts";
import { useWords } from "../words.tsx";

const CONSENT = ["never", "private_only", "withdrawn"] as const;
const BY = ["face", "body", "mark", "voice", "name", "surroundings"] as const;

/** What makes a notice stronger and is asked of nobody. */
export const NoticeExtra = ({ remedyCase: { facts, tell } }: { readonly remedyCase: RemedyCase }) => {
  const t = useWords();
  const by = facts.picture?.recognisableBy ?? [];
  return (
    <Fold title={t("notice.extra")} level={3}>
      <p className="soft">{t("notice.extra.lead")}</p>
      <RadioChoice
        label={t("notice.consent")}
        value={facts.picture?.consent}
        onChange={(value) => tell("/picture/consent", value)}
        options={CONSENT.map((value) => ({ value, text: t(`notice.consent.${value}`) }))}
      />
      <div role="group" aria-label={t("notice.by")} className="field">
        <span className="label">{t("notice.by")}</span>
        <div className="options options-row">
          {BY.map((value) => (
            <Tick
              key={value}
              isSelected={by.includes(value)}
              onChange={(isChosen) => {
                const next = isChosen ? [...by, value] : by.filter((each) => each !== value);
                tell("/picture/recognisableBy", next.length === 0 ? undefined : next);
              }}
            >
              {t(`notice.by.${value}`)}
            </Tick>
          ))}
        </div>
      </div>
    </Fold>
  );
};
