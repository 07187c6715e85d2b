import { isSealed, MIN_PASSPHRASE_LENGTH, packCase, unpackCase } from "@recourse/remedy";
import { useState } from "react";
import { FileTrigger } from "react-aria-components/FileTrigger";
import { Button } from "../design/button.tsx";
import { Fold } from "../design/fold.tsx";
import { AnswerField } from "./answer-field.tsx";
import { saveNeutral } from "./save-text.ts";
import type { RemedyCase } from "./use-case.ts";
import { useWords } from "./words.tsx";

/** The case as a file, because the person wants it: nothing is kept by itself. */
export const KeepCase = ({ remedyCase: { caseFile } }: { readonly remedyCase: RemedyCase }) => {
  const t = useWords();
  const [passphrase, setPassphrase] = useState("");
  const [said, setSaid] = useState("");
  const [isShort, setShort] = useState(false);
  const save = async (isLocked: boolean): Promise<void> => {
    setShort(false);
    setSaid("");
    const packed = await packCase(
      caseFile,
      Date.now(),
      isLocked ? { passphrase, random: (bytes) => crypto.getRandomValues(bytes) } : undefined,
    );
    if (packed.ok) setSaid(t("save.saved", { name: saveNeutral(packed.bytes, isLocked ? "dat" : "zip") }));
    else if (packed.code === "case_too_large") setSaid(t("keep.large"));
    else setShort(true);
  };
  return (
    <Fold title={t("keepCase.title")} level={2}>
      <p>{t("keepCase.lead")}</p>
      <AnswerField
        label={t("keepCase.passphrase")}
        hint={t("keepCase.passphrase.hint")}
        value={passphrase}
        onChange={setPassphrase}
        error={isShort ? t("keepCase.short", { count: MIN_PASSPHRASE_LENGTH }) : undefined}
        type="password"
        maxLength={1000}
      />
      <div className="row">
        <Button kind="secondary" onPress={() => void save(true)}>
          {t("keepCase.locked")}
        </Button>
        <Button kind="quiet" onPress={() => void save(false)}>
          {t("keepCase.open")}
        </Button>
      </div>
      <p role="status">{said}</p>
    </Fold>
  );
};

/** Larger than any file that is made here. */
const MAX_BYTES = 160 << 20;

type Problem = "needed" | "wrong" | "damaged" | "newer" | "large";

const problemOf = (code: string): Problem => {
  switch (code) {
    case "passphrase_needed":
      return "needed";
    case "passphrase_wrong":
      return "wrong";
    case "case_version_unknown":
      return "newer";
    case "case_too_large":
      return "large";
    default:
      return "damaged";
  }
};

interface OpenCaseProps {
  readonly remedyCase: RemedyCase;
  readonly onOpened: () => void;
}

/** A file that was kept, opened again. What is told here is replaced only when all of it could be read. */
export const OpenCase = ({ remedyCase: { open }, onOpened }: OpenCaseProps) => {
  const t = useWords();
  const [bytes, setBytes] = useState<Uint8Array<ArrayBuffer>>();
  const [passphrase, setPassphrase] = useState("");
  const [problem, setProblem] = useState<Problem>();
  const read = async (content: Uint8Array<ArrayBuffer>, phrase?: string): Promise<void> => {
    setProblem(undefined);
    const unpacked = await unpackCase(content, phrase);
    if (unpacked.ok) {
      open(unpacked.case);
      onOpened();
    } else setProblem(problemOf(unpacked.code));
  };
  const choose = async (file: File): Promise<void> => {
    if (file.size > MAX_BYTES) {
      setProblem("large");
      return;
    }
    try {
      const content = new Uint8Array(await file.arrayBuffer());
      setBytes(content);
      await read(content);
    } catch {
      setProblem("damaged");
    }
  };
  return (
    <Fold title={t("openCase.title")} level={2}>
      <p>{t("openCase.lead")}</p>
      <FileTrigger
        onSelect={(files) => {
          const [file] = files ?? [];
          if (file !== undefined) void choose(file);
        }}
      >
        <Button kind="secondary">{t("openCase.choose")}</Button>
      </FileTrigger>
      <p role="status">{problem === undefined ? "" : t(`openCase.problem.${problem}`)}</p>
      {bytes !== undefined && isSealed(bytes) && (
        <>
          <AnswerField
            label={t("keepCase.passphrase")}
            value={passphrase}
            onChange={setPassphrase}
            type="password"
            maxLength={1000}
          />
          <Button onPress={() => void read(bytes, passphrase)}>{t("openCase.open")}</Button>
        </>
      )}
    </Fold>
  );
};
