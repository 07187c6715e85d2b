/** The plan: steps in their order, and within removal one place after the other. */
import { type Plan, type Stage, STAGES, type Step } from "@recourse/remedy";
import { useState } from "react";
import { Button } from "../../design/button.tsx";
import { Fold } from "../../design/fold.tsx";
import { Step as Screen } from "../../design/step.tsx";
import { useLanguage } from "../../messages/translate.tsx";
import { Danger } from "./danger.tsx";
import { KeepCase } from "../keep-case.tsx";
import { keyOfNotice, noticeOfStep, type NoticeRef } from "../notice-ref.ts";
import { PlaceName } from "../place-name.tsx";
import { PlanFit } from "./plan-fit.tsx";
import { SaveFirst } from "./save-first.tsx";
import { StepCard } from "./step-card.tsx";
import type { RemedyCase } from "../use-case.ts";
import { useWords } from "../words.tsx";

/** So many places are shown at once. */
const SHOWN_PLACES = 10;

/** One step of one rule about one recipient under one law. */
const keyOfStep = ({ rule, regime, recipient, what }: Step): string =>
  `${rule}\n${regime ?? ""}\n${recipient?.name ?? what}`;

interface PlanScreenProps {
  readonly remedyCase: RemedyCase;
  readonly plan: Plan;
  /** Notices of the case, sent or not. */
  readonly letterCount: number;
  /** Keys of the notices that were sent. */
  readonly sent: ReadonlySet<string>;
  readonly onNotice: (notice: NoticeRef) => void;
  readonly onChangeAnswers: () => void;
  readonly onAddLinks: () => void;
  readonly onFollow: () => void;
}

export const PlanScreen = ({
  remedyCase,
  plan,
  letterCount,
  sent,
  onNotice,
  onChangeAnswers,
  onAddLinks,
  onFollow,
}: PlanScreenProps) => {
  const t = useWords();
  const { code } = useLanguage();
  const [shownPlaces, setShownPlaces] = useState(SHOWN_PLACES);
  const { facts, done, markDone } = remedyCase;

  const isDone = (step: Step): boolean => {
    const notice = noticeOfStep(step, plan);
    return done.has(keyOfStep(step)) || (notice !== undefined && sent.has(keyOfNotice(notice)));
  };
  // With somebody in danger, people to talk to stand above in full; the step that says so would say it twice.
  const steps = plan.steps.filter(({ rule }) => rule !== "danger_first");
  const next = steps.find((step) => !step.isChoice && !isDone(step));

  const card = (step: Step, level: 3 | 4) => {
    const notice = noticeOfStep(step, plan);
    return (
      <StepCard
        key={keyOfStep(step)}
        step={step}
        level={level}
        startsOpen={step === next || step.rule === "save_before_remove"}
        isDone={isDone(step)}
        onDone={(isNow) => markDone(keyOfStep(step), isNow)}
        onWrite={notice === undefined ? undefined : () => onNotice(notice)}
        onFollow={step.rule === "clock_ran_out" ? onFollow : undefined}
      >
        {step.rule === "save_before_remove" && (
          <SaveFirst remedyCase={remedyCase} links={plan.links.links.map(({ url }) => url)} />
        )}
      </StepCard>
    );
  };

  const list = (of: readonly Step[], level: 3 | 4) => (
    <ol className="list steps">{of.map((step) => card(step, level))}</ol>
  );

  /** A place at a time: its own way first, the other ways behind it. */
  const places = (of: readonly Step[]) => {
    // What was sent and not heeded comes before new ways to the same place.
    const ordered = of.toSorted((a, b) => Number(b.rule === "clock_ran_out") - Number(a.rule === "clock_ran_out"));
    const all = [...Map.groupBy(ordered, ({ recipient }) => recipient?.name ?? "")];
    const alone = all.filter(([name]) => name === "").flatMap(([, own]) => own);
    const named = all.filter(([name]) => name !== "");
    return (
      <>
        {alone.length > 0 && list(alone, 3)}
        {named.slice(0, shownPlaces).map(([name, own]) => (
          <section key={name} className="place" aria-label={name}>
            <h3>
              <PlaceName>{name}</PlaceName>{" "}
              <span className="tag">
                {t("links.group", { count: Math.max(...own.map(({ linkCount = 0 }) => linkCount)) })}
              </span>
            </h3>
            {list(own.slice(0, 2), 4)}
            {own.length > 2 && (
              <Fold title={t("plan.moreWays", { count: own.length - 2 })} level={4}>
                {list(own.slice(2), 4)}
              </Fold>
            )}
          </section>
        ))}
        {named.length > shownPlaces && (
          <Button kind="secondary" onPress={() => setShownPlaces(shownPlaces + 20)}>
            {t("plan.morePlaces", { count: named.length - shownPlaces })}
          </Button>
        )}
      </>
    );
  };

  const stage = (name: Stage) => {
    const of = steps.filter((step) => step.stage === name);
    if (of.length === 0) return null;
    return (
      <section key={name} className="stage" aria-labelledby={`stage-${name}`}>
        <h2 id={`stage-${name}`}>{t(`stage.${name}`)}</h2>
        {name === "remove" ? places(of) : list(of, 3)}
      </section>
    );
  };

  return (
    <Screen title={t("plan.title")}>
      {facts.danger === true && <Danger country={facts.person?.country} />}
      <p className="lead">{t("plan.lead")}</p>
      <p role="status">{t("plan.progress", { done: steps.filter(isDone).length, total: steps.length })}</p>
      <div className="row spaced">
        {letterCount > 0 && (
          <Button kind="secondary" onPress={onFollow}>
            {t("plan.sent", { count: letterCount })}
          </Button>
        )}
        <Button kind="quiet" onPress={onChangeAnswers}>
          {t("plan.change")}
        </Button>
      </div>
      {plan.links.links.length === 0 && facts.situation !== "feared" && (
        <div className="notice notice-plain">
          <p>{t("plan.noLinks")}</p>
          <Button kind="secondary" onPress={onAddLinks}>
            {t("plan.addLinks")}
          </Button>
        </div>
      )}
      {STAGES.map(stage)}
      <PlanFit remedyCase={remedyCase} />
      <KeepCase remedyCase={remedyCase} />
      <p className="soft small after">
        {t("plan.advice")} {code !== "en" && t("plan.english")}
      </p>
    </Screen>
  );
};
