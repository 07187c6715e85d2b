import type { CaseStatus } from "@recourse/protocol";
import { lazy, useCallback, useEffect, useState } from "react";
import { codeOf } from "../ask-server.ts";
import { caseStatus } from "../case/hub-client.ts";
import { mixOf } from "../case/picture.ts";
import { Notice } from "../design/notice.tsx";
import { Step as Screen } from "../design/step.tsx";
import { guardAgainstClosing } from "../exit/exit-page.ts";
import { problemKey } from "../messages/problem-keys.ts";
import { useText } from "../messages/translate.tsx";
import { CaseReminder } from "./case-reminder.tsx";
import { Choose } from "./choose.tsx";
import { Done } from "./done.tsx";
import type { CaseStep, Step } from "./flow.ts";
import { Intro } from "./intro.tsx";
import { KeepSecrets } from "./keep-secrets.tsx";
import { Numbers } from "./numbers.tsx";
import { Questions } from "./questions.tsx";
import { ReturnToCase } from "./return-to-case.tsx";
import { NoConsent, Young } from "./routed.tsx";
import type { PlannedCase } from "./send-items.ts";
import { Sending } from "./sending.tsx";
import { Start } from "./start.tsx";
import { Status } from "./status.tsx";
import { Stronger } from "./stronger.tsx";
import { usePictures } from "./use-pictures.ts";

const CleanApp = lazy(async () => ({ default: (await import("../clean/clean-app.tsx")).CleanApp }));
const RemedyApp = lazy(async () => ({ default: (await import("../remedy/remedy-app.tsx")).RemedyApp }));

/** Screens that show number and key themselves, or are on their way there. */
const WITHOUT_REMINDER: readonly Step["at"][] = ["intro", "done", "newKey", "keep", "return"];

/** The person's page, one screen at a time. */
export const PersonApp = () => {
  const t = useText();
  const [step, setStep] = useState<Step>({ at: "intro" });
  const [planned, setPlanned] = useState<PlannedCase>();
  /** Number and key of the open case were shown, and the person said they have them or can't keep them. */
  const [isKept, setKept] = useState(false);
  const [known, setKnown] = useState<CaseStatus>();
  const [problem, setProblem] = useState<string>();
  const pictures = usePictures();
  const { all, markSent, clear } = pictures;
  const unsent = all.filter((picture) => !picture.sent);
  const ready = unsent.filter((picture) => picture.state.kind === "ready");
  const leftOut = unsent.filter((picture) => picture.state.kind === "problem").length;
  const isOpen = planned?.isOpen === true;

  // From the moment a case is open until its key is kept, a slip of the thumb must not lose it.
  useEffect(() => {
    guardAgainstClosing(isOpen && !isKept);
    return () => guardAgainstClosing(false);
  }, [isOpen, isKept]);

  const go = useCallback((next: Exclude<Step["at"], "done">) => {
    setProblem(undefined);
    setStep({ at: next });
  }, []);

  const seeCase = async (): Promise<void> => {
    if (planned === undefined) return;
    setProblem(undefined);
    const from = step.at;
    try {
      setKnown(await caseStatus(planned));
      // Whoever went on meanwhile is not pulled away.
      setStep((current) => (current.at === from ? { at: "status" } : current));
    } catch (error) {
      setProblem(codeOf(error));
    }
  };

  const startNewCase = (): void => {
    clear();
    setPlanned(undefined);
    setKnown(undefined);
    setKept(false);
    go("questions");
  };

  // Away from https, browsers give a page no cryptography; without it no key can be made.
  if (globalThis.crypto?.subtle === undefined) {
    return (
      <Notice kind="attention" isAlert>
        <p>{t("problem.secure")}</p>
      </Notice>
    );
  }

  const renderStep = () => {
    switch (step.at) {
      case "intro":
        return <Intro onStart={() => go("start")} />;
      case "start":
        return (
          <Start
            onProtect={() => go("questions")}
            // Another case would take the place of this one, whose key nobody has yet.
            onReturn={() => go(isOpen && !isKept ? "keep" : "return")}
            onClean={() => go("clean")}
            onPlan={() => go("plan")}
          />
        );
      case "clean":
        return <CleanApp onBack={() => go("start")} />;
      case "plan":
        return <RemedyApp onBack={() => go("start")} />;
      case "questions":
        return (
          <Questions
            onYoung={() => go("young")}
            onNoConsent={() => go("noConsent")}
            onFit={() => go("stronger")}
            onBack={() => go(known === undefined ? "start" : "status")}
          />
        );
      case "young":
        return <Young onBack={() => go("questions")} />;
      case "noConsent":
        return <NoConsent onBack={() => go("questions")} />;
      case "stronger":
        return (
          <Stronger
            chosen={pictures.stronger}
            onChoose={(isStronger) => {
              pictures.chooseStronger(isStronger);
              go("choose");
            }}
            onBack={() => go("questions")}
          />
        );
      case "choose":
        return (
          <Choose
            pictures={pictures}
            held={known?.items.length ?? 0}
            onContinue={() => go("numbers")}
            onBack={() => go("stronger")}
          />
        );
      case "numbers":
        return (
          <Numbers
            pictures={ready}
            leftOut={leftOut}
            isStronger={pictures.stronger === true}
            onSend={() => go("sending")}
            onBack={() => go("choose")}
          />
        );
      case "sending":
        return (
          <Sending
            pictures={ready}
            planned={planned}
            onCase={setPlanned}
            onSent={markSent}
            onDone={(status, sent) => {
              setKnown(status);
              setStep({ at: "done", added: sent.length, mix: mixOf(sent) });
            }}
            onBack={() => go("choose")}
          />
        );
      case "return":
        return (
          <ReturnToCase
            onBack={() => go("start")}
            onOpened={(opened, status, isNewKey) => {
              clear();
              setPlanned({ ...opened, recoveryCodes: [], isOpen: true });
              setKept(!isNewKey);
              setKnown(status);
              go(isNewKey ? "newKey" : "status");
            }}
          />
        );
      case "done":
      case "newKey":
      case "keep":
      case "status":
        return renderCaseStep(step);
    }
  };

  const renderCaseStep = (caseStep: CaseStep) => {
    if (planned === undefined)
      return (
        <Start
          onProtect={() => go("questions")}
          onReturn={() => go("return")}
          onClean={() => go("clean")}
          onPlan={() => go("plan")}
        />
      );
    const keep = (next: () => void) => () => {
      setKept(true);
      next();
    };
    switch (caseStep.at) {
      case "done":
        return (
          <Done
            planned={planned}
            isNew={!isKept}
            added={caseStep.added}
            mix={caseStep.mix}
            leftOut={leftOut}
            onFinish={keep(() => go("status"))}
          />
        );
      case "newKey":
        return (
          <Screen title={t("return.newKey")}>
            <p className="lead no-print">{t("return.newKey.text")}</p>
            <KeepSecrets opened={planned} recoveryCodes={[]} onFinish={keep(() => go("status"))} />
          </Screen>
        );
      case "keep":
        return (
          <Screen title={t("keep.title")}>
            <KeepSecrets opened={planned} recoveryCodes={planned.recoveryCodes} onFinish={keep(() => void seeCase())} />
          </Screen>
        );
      case "status":
        if (known === undefined) return <p role="status">{t("app.loading")}</p>;
        return (
          <Status
            opened={planned}
            status={known}
            fileNames={new Map(all.map((picture) => [picture.id, picture.fileName]))}
            onStatus={setKnown}
            onAdd={() => go("questions")}
            onNew={startNewCase}
          />
        );
    }
  };

  return (
    <>
      {planned !== undefined && isOpen && !WITHOUT_REMINDER.includes(step.at) && (
        <CaseReminder
          opened={planned}
          onSee={step.at === "status" || step.at === "sending" ? undefined : () => void seeCase()}
        />
      )}
      {problem !== undefined && (
        <Notice kind="attention" isAlert>
          <p>{t(problemKey(problem))}</p>
          <p>{t("problem.again")}</p>
        </Notice>
      )}
      {renderStep()}
    </>
  );
};
