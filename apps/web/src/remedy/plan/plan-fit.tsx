import { Fold } from "../../design/fold.tsx";
import { RadioChoice } from "../../design/radio-choice.tsx";
import { AnswerField } from "../answer-field.tsx";
import { textAt } from "../facts-at.ts";
import type { RemedyCase } from "../use-case.ts";
import { useWords } from "../words.tsx";

/** Questions that only some need, for who wants a plan that fits better. */
export const PlanFit = ({ remedyCase: { facts, draft, tell } }: { readonly remedyCase: RemedyCase }) => {
  const t = useWords();
  const yesNo = (["yes", "no"] as const).map((value) => ({ value, text: t(`who.known.${value}`) }));
  return (
    <Fold title={t("plan.fit.title")} level={2}>
      <p className="soft">{t("plan.fit.lead")}</p>
      <RadioChoice
        label={t("plan.fit.hasFile")}
        value={facts.hasFile === undefined ? undefined : facts.hasFile ? "yes" : "no"}
        onChange={(value) => tell("/hasFile", value === "yes")}
        options={yesNo}
        isRow
      />
      <RadioChoice
        label={t("plan.fit.reposted")}
        value={facts.reposted === "unsure" ? undefined : facts.reposted}
        onChange={(value) => tell("/reposted", value)}
        options={yesNo}
        isRow
      />
      <RadioChoice
        label={t("plan.fit.money")}
        value={facts.asksMoneyForRemoval === "unsure" ? undefined : facts.asksMoneyForRemoval}
        onChange={(value) => tell("/asksMoneyForRemoval", value)}
        options={yesNo}
        isRow
      />
      <AnswerField
        label={t("plan.fit.search")}
        hint={t("plan.fit.search.hint")}
        value={textAt(draft, "/searchTerms")}
        onChange={(value) => tell("/searchTerms", value)}
        maxLength={300}
      />
    </Fold>
  );
};
