/** Notices: from a few questions to a plan, and from there to complete notices with a clock on each. */
import "./remedy.css";
import { makePlan } from "@recourse/remedy";
import { useMemo, useState } from "react";
import { Intro } from "../person/intro.tsx";
import { Young } from "../person/routed.tsx";
import { FollowUp } from "./follow-up/follow-up.tsx";
import { NoticeScreen } from "./notice/notice.tsx";
import { keyOfNotice, type NoticeRef } from "./notice-ref.ts";
import { PlanScreen } from "./plan/plan.tsx";
import { type QuestionId, Questions } from "./questions/questions.tsx";
import { sentEvents } from "./follow-up/sent-events.ts";
import { useRemedyCase } from "./use-case.ts";
import { WordsProvider } from "./words.tsx";

type At = "intro" | "young" | "plan" | "follow" | { readonly question: QuestionId } | { readonly notice: NoticeRef };

interface RemedyAppProps {
  /** Back to where the person came from; left out, this is where they came in. */
  readonly onBack?: () => void;
}

/** One screen at a time; what was told lives beside them, in memory only. */
const Screens = ({ onBack }: RemedyAppProps) => {
  const [at, setAt] = useState<At>(onBack === undefined ? "intro" : { question: "age" });
  const remedyCase = useRemedyCase();
  const { facts } = remedyCase;
  const [openedMs] = useState(() => Date.now());
  const plan = useMemo(() => makePlan(facts, openedMs), [facts, openedMs]);
  if (typeof at === "object" && "notice" in at) {
    return (
      <NoticeScreen
        remedyCase={remedyCase}
        noticeRef={at.notice}
        onSent={(letter, address) => {
          remedyCase.apply(
            sentEvents({
              kind: "notice",
              regime: at.notice.regime,
              recipient: at.notice.recipient,
              urls: letter.urls,
              letter,
              to: address,
              by: address === undefined ? "form" : "mail",
            }),
          );
          setAt("follow");
        }}
        onBack={() => setAt("plan")}
      />
    );
  }
  if (typeof at === "object") {
    return (
      <Questions
        key={at.question}
        remedyCase={remedyCase}
        id={at.question}
        onQuestion={(question) => setAt({ question })}
        onYoung={() => {
          // Of somebody under 18 nothing is kept, not even a link.
          remedyCase.forget();
          setAt("young");
        }}
        onPlan={() => setAt("plan")}
        onBack={onBack}
      />
    );
  }
  const letters = remedyCase.caseFile.notices.filter(({ kind }) => kind === "notice");
  switch (at) {
    case "intro":
      return <Intro onStart={() => setAt({ question: "age" })} />;
    case "young":
      return <Young onBack={() => setAt({ question: "age" })} />;
    case "plan":
      return (
        <PlanScreen
          remedyCase={remedyCase}
          plan={plan}
          letterCount={letters.length}
          // What may have gone out is not to be sent again unseen; what is only ready is to be sent still.
          sent={new Set(letters.filter(({ state }) => state !== "draft" && state !== "ready").map(keyOfNotice))}
          onNotice={(notice) => setAt({ notice })}
          onChangeAnswers={() => setAt({ question: "age" })}
          onAddLinks={() => setAt({ question: "links" })}
          onFollow={() => setAt("follow")}
        />
      );
    case "follow":
      return <FollowUp remedyCase={remedyCase} onNotice={(notice) => setAt({ notice })} onBack={() => setAt("plan")} />;
  }
};

export const RemedyApp = (props: RemedyAppProps) => (
  <WordsProvider>
    <Screens {...props} />
  </WordsProvider>
);
