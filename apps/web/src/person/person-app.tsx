import { useCallback, useState } from "react";
import { Button } from "../design/button.tsx";
import { Notice } from "../design/notice.tsx";
import { Step as Screen } from "../design/step.tsx";
import { useText } from "../messages/translate.tsx";
import { Choose } from "./choose.tsx";
import { Done } from "./done.tsx";
import type { Step } from "./flow.ts";
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
import { usePictures } from "./use-pictures.ts";

/** The person's page, one screen at a time. */
export const PersonApp = () => {
  const t = useText();
  const [step, setStep] = useState<Step>({ at: "intro" });
  const [planned, setPlanned] = useState<PlannedCase>();
  const pictures = usePictures();
  const { all, markSent } = pictures;
  const ready = all.filter((picture) => picture.state.kind === "ready" && !picture.sent);
  const go = useCallback(
    (at: "start" | "questions" | "young" | "noConsent" | "choose" | "numbers" | "sending" | "return") =>
      setStep({ at }),
    [],
  );
  const [isNewCase, setNewCase] = useState(true);

  // Away from https, browsers give a page no cryptography; without it no key can be made.
  if (globalThis.crypto?.subtle === undefined) {
    return (
      <Notice kind="attention" isAlert>
        <p>{t("problem.secure")}</p>
      </Notice>
    );
  }

  switch (step.at) {
    case "intro":
      return <Intro onStart={() => go("start")} />;
    case "start":
      return <Start onProtect={() => go("questions")} onReturn={() => go("return")} />;
    case "questions":
      return (
        <Questions
          onYoung={() => go("young")}
          onNoConsent={() => go("noConsent")}
          onFit={() => go("choose")}
          onBack={() => go("start")}
        />
      );
    case "young":
      return <Young onBack={() => go("questions")} />;
    case "noConsent":
      return <NoConsent onBack={() => go("questions")} />;
    case "choose":
      return <Choose pictures={pictures} onContinue={() => go("numbers")} onBack={() => go("questions")} />;
    case "numbers":
      return <Numbers pictures={ready} onSend={() => go("sending")} onBack={() => go("choose")} />;
    case "sending":
      return (
        <Sending
          pictures={ready}
          planned={planned}
          onCase={setPlanned}
          onSent={markSent}
          onDone={(status) => setStep({ at: "done", isNew: isNewCase, added: ready.length, status })}
          onBack={() => go("numbers")}
        />
      );
    case "done":
      if (planned === undefined) return <Intro onStart={() => go("start")} />;
      return (
        <Done
          planned={planned}
          isNew={step.isNew}
          added={step.added}
          onFinish={() => {
            setNewCase(false);
            setStep({ at: "status", status: step.status });
          }}
        />
      );
    case "return":
      return (
        <ReturnToCase
          onBack={() => go("start")}
          onOpened={(opened, status, isNewKey) => {
            setPlanned({ ...opened, recoveryCodes: [], isOpen: true });
            setNewCase(false);
            setStep(isNewKey ? { at: "newKey", status } : { at: "status", status });
          }}
        />
      );
    case "newKey":
      if (planned === undefined) return <Intro onStart={() => go("start")} />;
      return (
        <Screen title={t("return.newKey")}>
          <p className="lead">{t("return.newKey.text")}</p>
          <KeepSecrets
            opened={planned}
            recoveryCodes={[]}
            onFinish={() => setStep({ at: "status", status: step.status })}
          />
        </Screen>
      );
    case "status":
      if (planned === undefined) return <Button onPress={() => go("return")}>{t("return.title")}</Button>;
      return (
        <Status
          opened={planned}
          status={step.status}
          onStatus={(status) => setStep({ at: "status", status })}
          onAdd={() => go("questions")}
        />
      );
  }
};
