/** The questions, one screen each; every one but the first can be left open. */
import type { Facts } from "@recourse/remedy";
import { useState } from "react";
import { Button } from "../../design/button.tsx";
import { Notice } from "../../design/notice.tsx";
import { Progress } from "../../design/progress.tsx";
import { RadioChoice } from "../../design/radio-choice.tsx";
import { Step } from "../../design/step.tsx";
import { Tick } from "../../design/tick.tsx";
import { AnswerField } from "../answer-field.tsx";
import { CountryChoice } from "../country-choice.tsx";
import { Danger } from "../plan/danger.tsx";
import { textAt } from "../facts-at.ts";
import { OpenCase } from "../keep-case.tsx";
import { PasteLinks } from "./paste-links.tsx";
import type { RemedyCase } from "../use-case.ts";
import { useWords, type Words } from "../words.tsx";

export type QuestionId = "age" | "situation" | "threat" | "origin" | "links" | "country" | "name" | "who";

/** Which questions there are for these answers, in their order. */
export const questionsFor = ({ situation }: Facts): readonly QuestionId[] => [
  "age",
  "situation",
  ...(situation === "threatened" ? (["threat"] as const) : []),
  "origin",
  // Where nothing is online, there is no link to ask for.
  ...(situation === "feared" ? [] : (["links"] as const)),
  "country",
  "name",
  "who",
];

const optionsOf = <const Value extends string>(values: readonly Value[], text: (value: Value) => string) =>
  values.map((value) => ({ value, text: text(value) }));

const Age = ({ facts, tell, t }: RemedyCase & { readonly t: Words }) => (
  <>
    <p className="lead">{t("age.lead")}</p>
    <RadioChoice
      label={t("age.question")}
      value={facts.ageWhenTaken}
      onChange={(value) => tell("/ageWhenTaken", value)}
      options={optionsOf(["adult", "minor", "unsure"], (value) => t(`age.${value}`))}
    />
    <Tick isSelected={facts.helper !== undefined} onChange={(isHelper) => tell("/helper", isHelper ? {} : undefined)}>
      {t("age.helper")}
    </Tick>
  </>
);

const Situation = ({ facts, tell, t }: RemedyCase & { readonly t: Words }) => (
  <>
    <RadioChoice
      label={t("situation.question")}
      value={facts.situation}
      onChange={(value) => tell("/situation", value)}
      options={optionsOf(["shared", "threatened", "feared"], (value) => t(`situation.${value}`))}
    />
    <Tick isSelected={facts.danger === true} onChange={(isDanger) => tell("/danger", isDanger ? true : undefined)}>
      {t("situation.danger")}
    </Tick>
    <div role="status">{facts.danger === true && <Danger country={facts.person?.country} />}</div>
  </>
);

const Threat = ({ facts, draft, tell, t }: RemedyCase & { readonly t: Words }) => (
  <>
    <Notice>
      <p>{t("threat.first")}</p>
    </Notice>
    <RadioChoice
      label={t("threat.wants")}
      value={facts.threat?.wants}
      onChange={(value) => tell("/threat/wants", value)}
      options={optionsOf(["money", "pictures", "contact", "other"], (value) => t(`threat.wants.${value}`))}
    />
    <AnswerField
      label={t("threat.where")}
      hint={t("threat.where.hint")}
      value={textAt(draft, "/threat/where")}
      onChange={(value) => tell("/threat/where", value)}
      maxLength={500}
    />
    <Tick
      isSelected={facts.threat?.paid === true}
      onChange={(isPaid) => tell("/threat/paid", isPaid ? true : undefined)}
    >
      {t("threat.paid")}
    </Tick>
  </>
);

const Who = ({ facts, tell, t }: RemedyCase & { readonly t: Words }) => (
  <>
    <RadioChoice
      label={t("who.known")}
      value={facts.uploader?.known}
      onChange={(value) => tell("/uploader/known", value)}
      options={optionsOf(["yes", "no", "unsure"], (value) => t(`who.known.${value}`))}
      isRow
    />
    <RadioChoice
      label={t("who.police")}
      value={facts.police}
      onChange={(value) => tell("/police", value)}
      options={optionsOf(["yes", "no", "already"], (value) => t(`who.police.${value}`))}
      isRow
    />
    <p className="soft small">{t("who.police.hint")}</p>
  </>
);

const Question = ({ id, remedyCase }: { readonly id: QuestionId; readonly remedyCase: RemedyCase }) => {
  const t = useWords();
  const { facts, draft, tell } = remedyCase;
  switch (id) {
    case "age":
      return <Age {...remedyCase} t={t} />;
    case "situation":
      return <Situation {...remedyCase} t={t} />;
    case "threat":
      return <Threat {...remedyCase} t={t} />;
    case "origin":
      return (
        <>
          <RadioChoice
            label={t("origin.question")}
            value={facts.origin}
            onChange={(value) => tell("/origin", value)}
            options={optionsOf(["self", "other", "synthetic", "unknown"], (value) => t(`origin.${value}`))}
          />
          <p className="soft small">{t("origin.question.hint")}</p>
        </>
      );
    case "links":
      return <PasteLinks value={textAt(draft, "/places")} onChange={(value) => tell("/places", value)} />;
    case "country":
      return (
        <CountryChoice value={textAt(facts, "/person/country")} onChange={(value) => tell("/person/country", value)} />
      );
    case "name":
      return (
        <>
          <RadioChoice
            label={t("name.question")}
            value={facts.person?.nameMayBeSeen}
            onChange={(value) => tell("/person/nameMayBeSeen", value)}
            options={optionsOf(["only_recipient", "no", "yes"], (value) => t(`name.${value}`))}
          />
          <p className="soft small">{t("name.hint")}</p>
        </>
      );
    case "who":
      return <Who {...remedyCase} t={t} />;
  }
};

interface QuestionsProps {
  readonly remedyCase: RemedyCase;
  readonly id: QuestionId;
  readonly onQuestion: (id: QuestionId) => void;
  readonly onYoung: () => void;
  readonly onPlan: () => void;
  /** Left out: there is nothing before the first question. */
  readonly onBack: (() => void) | undefined;
}

export const Questions = ({ remedyCase, id, onQuestion, onYoung, onPlan, onBack }: QuestionsProps) => {
  const t = useWords();
  const [isMissing, setMissing] = useState(false);
  const { facts } = remedyCase;
  const all = questionsFor(facts);
  const at = all.indexOf(id);
  const before = all[at - 1];
  const next = all[at + 1];
  const goBack = before === undefined ? onBack : () => onQuestion(before);

  const goOn = (): void => {
    if (id === "age") {
      if (facts.ageWhenTaken === undefined) {
        setMissing(true);
        return;
      }
      if (facts.ageWhenTaken !== "adult") {
        onYoung();
        return;
      }
    }
    if (next === undefined) onPlan();
    else onQuestion(next);
  };

  return (
    <Step key={id} title={t(`title.${id}`)}>
      <div className="question-progress">
        <Progress
          label={t("questions.progress", { number: at + 1, total: all.length })}
          fraction={(at + 1) / all.length}
        />
      </div>
      <Question id={id} remedyCase={remedyCase} />
      {isMissing && facts.ageWhenTaken === undefined && (
        <Notice kind="attention" isAlert>
          <p>{t("age.missing")}</p>
        </Notice>
      )}
      <div className="row end">
        {goBack !== undefined && (
          <Button kind="quiet" onPress={goBack}>
            {t("app.back")}
          </Button>
        )}
        <Button onPress={goOn}>{t(next === undefined ? "questions.seePlan" : "app.continue")}</Button>
      </div>
      {id === "age" && <OpenCase remedyCase={remedyCase} onOpened={onPlan} />}
      <p className="soft small">{t(id === "age" ? "questions.here" : "questions.skip")}</p>
    </Step>
  );
};
