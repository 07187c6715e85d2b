import { useState } from "react";
import { Button } from "../design/button.tsx";
import { Fold } from "../design/fold.tsx";
import { Grouped } from "../design/grouped.tsx";
import { Notice } from "../design/notice.tsx";
import { Tick } from "../design/tick.tsx";
import { useText } from "../messages/translate.tsx";
import type { OpenedCase } from "./flow.ts";
import { SecretLine } from "./secret-line.tsx";

/** Says nothing of what it is for, in a folder of downloads or on a screen. */
const FILE_NAME = "notes.txt";

const saveText = (text: string): void => {
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = Object.assign(document.createElement("a"), { href: address, download: FILE_NAME });
  link.click();
  // Safari on phones asks first, and reads the data only after the answer.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
};

interface KeepSecretsProps {
  readonly opened: OpenedCase;
  readonly recoveryCodes: readonly string[];
  readonly onFinish: () => void;
}

/** Number, key and recovery codes, with ways to keep them; goes on only when the person says they did, or can't. */
export const KeepSecrets = ({ opened, recoveryCodes, onFinish }: KeepSecretsProps) => {
  const t = useText();
  const [isKept, setKept] = useState(false);
  const [isSkipped, setSkipped] = useState(false);
  const [withCodes, setWithCodes] = useState(false);

  const save = (): void => {
    const text = t("done.file", { caseNumber: opened.caseNumber, caseKey: opened.key });
    saveText(withCodes ? text + t("done.file.recovery", { codes: recoveryCodes.join("\n") }) : text);
  };

  return (
    <section className="card">
      <Notice kind="attention">
        <p>{t("done.keep")}</p>
      </Notice>
      <SecretLine name={t("done.number")} value={opened.caseNumber} />
      <SecretLine name={t("done.key")} value={opened.key} />
      {recoveryCodes.length > 0 && (
        <Fold title={t("done.recovery.show")} level={2} onOpen={() => setWithCodes(true)}>
          <p className="no-print">{t("done.recovery.text")}</p>
          <ol aria-label={t("done.recovery")}>
            {recoveryCodes.map((code) => (
              <li key={code}>
                <bdi className="code">
                  <Grouped value={code} />
                </bdi>
              </li>
            ))}
          </ol>
        </Fold>
      )}
      <div className="row no-print spaced">
        <Button kind="secondary" onPress={save}>
          {t("done.save")}
        </Button>
        <Button kind="secondary" onPress={() => window.print()}>
          {t("done.print")}
        </Button>
      </div>
      <div className="options no-print">
        <Tick isSelected={isKept} onChange={setKept}>
          {t("done.kept")}
        </Tick>
        <Tick isSelected={isSkipped} onChange={setSkipped}>
          {t("done.skip")}
        </Tick>
      </div>
      <div className="row end no-print">
        <span />
        <Button onPress={onFinish} isDisabled={!isKept && !isSkipped}>
          {t("done.finish")}
        </Button>
      </div>
    </section>
  );
};
