import type { CaseStatus } from "@recourse/protocol";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { codeOf } from "../ask-server.ts";
import {
  caseTokenOf,
  makeSecret,
  readCaseNumber,
  readSecret,
  recoveryTokenOf,
  verifierOf,
} from "../case/case-secrets.ts";
import { caseStatus, recoverCase } from "../case/hub-client.ts";
import { Button } from "../design/button.tsx";
import { Notice } from "../design/notice.tsx";
import { Step } from "../design/step.tsx";
import { TextField } from "../design/text-field.tsx";
import { problemKey } from "../messages/problem-keys.ts";
import { useText } from "../messages/translate.tsx";
import type { OpenedCase } from "./flow.ts";

interface ReturnProps {
  readonly onOpened: (opened: OpenedCase, status: CaseStatus, isNewKey: boolean) => void;
  readonly onBack: () => void;
}

/** Number and key, or number and recovery code. Slips are found here, before anything is sent. */
export const ReturnToCase = ({ onOpened, onBack }: ReturnProps) => {
  const t = useText();
  const [number, setNumber] = useState("");
  const [secret, setSecret] = useState("");
  const [withCode, setWithCode] = useState(false);
  const [wasTried, setTried] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const caseNumber = readCaseNumber(number);
  const readKey = readSecret(secret);
  /** The new key for each recovery code that was tried: if only the answer was lost, the same key opens the case. */
  const newKeys = useRef(new Map<string, string>());
  const isHere = useRef(true);
  useEffect(() => {
    isHere.current = true;
    return () => {
      isHere.current = false;
    };
  }, []);

  const openByCode = async (knownNumber: string, code: string): Promise<[OpenedCase, CaseStatus]> => {
    const key = newKeys.current.get(code) ?? makeSecret();
    newKeys.current.set(code, key);
    const caseToken = await caseTokenOf(key);
    const status = await recoverCase({
      caseNumber: knownNumber,
      recoveryToken: await recoveryTokenOf(code),
      newAccessVerifier: await verifierOf(caseToken),
    });
    return [{ caseNumber: knownNumber, caseToken, key }, status];
  };

  const openByKey = async (knownNumber: string, key: string): Promise<[OpenedCase, CaseStatus]> => {
    const caseToken = await caseTokenOf(key);
    return [{ caseNumber: knownNumber, caseToken, key }, await caseStatus({ caseNumber: knownNumber, caseToken })];
  };

  const open = async (): Promise<void> => {
    setTried(true);
    setProblem(undefined);
    if (caseNumber === undefined || readKey === undefined) return;
    setBusy(true);
    try {
      const [opened, status] = await (withCode ? openByCode : openByKey)(caseNumber, readKey);
      // Whoever went back meanwhile is not pulled here again.
      if (isHere.current) onOpened(opened, status, withCode);
    } catch (error) {
      setProblem(codeOf(error));
      setBusy(false);
    }
  };

  return (
    <Step title={t("return.title")}>
      <form
        noValidate
        autoComplete="off"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          if (!isBusy) void open();
        }}
      >
        <TextField
          name="number"
          inCapitals
          label={t("return.number")}
          hint={t("return.number.hint")}
          value={number}
          onChange={setNumber}
          error={wasTried && caseNumber === undefined ? t("return.number.wrong") : undefined}
        />
        <TextField
          name="secret"
          inCapitals
          label={t(withCode ? "return.code" : "return.key")}
          hint={t("return.key.hint")}
          value={secret}
          onChange={setSecret}
          error={wasTried && readKey === undefined ? t("return.key.wrong") : undefined}
        />
        {problem !== undefined && (
          <Notice kind="attention" isAlert>
            <p>{t(problemKey(problem))}</p>
          </Notice>
        )}
        <Button kind="quiet" onPress={() => setWithCode(!withCode)}>
          {t(withCode ? "return.useKey" : "return.useCode")}
        </Button>
        <div className="row end">
          <Button kind="quiet" onPress={onBack}>
            {t("app.back")}
          </Button>
          <Button type="submit" isDisabled={isBusy}>
            {t("return.open")}
          </Button>
        </div>
        <p role="status" className="soft">
          {isBusy ? t("app.loading") : ""}
        </p>
      </form>
    </Step>
  );
};
