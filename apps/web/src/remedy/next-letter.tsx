import { type CaseNotice, composeNextLetter, type NextLetterOptions } from "@recourse/remedy";
import { useState } from "react";
import { Button } from "../design/button.tsx";
import { Fold } from "../design/fold.tsx";
import { copyText } from "./copy-text.ts";
import { NoticeField } from "./notice-fields.tsx";
import { saveNeutral } from "./save-text.ts";
import type { RemedyCase } from "./use-case.ts";
import { useWords } from "./words.tsx";

interface NextLetterProps {
  readonly remedyCase: RemedyCase;
  readonly about: CaseNotice;
  readonly options: NextLetterOptions;
  /** Of a complaint: to whom, as the next steps name them. */
  readonly authority?: string;
}

/** A letter that follows a notice, drafted: to read, to take along, and to mark as sent. */
export const NextLetter = ({ remedyCase, about, options, authority }: NextLetterProps) => {
  const t = useWords();
  const [said, setSaid] = useState("");
  const [asked] = useState<readonly string[]>(() => {
    const first = composeNextLetter(remedyCase.caseFile, about.id, options);
    return first.ok ? first.notice.elements.flatMap(({ missing }) => missing) : [];
  });
  const outcome = composeNextLetter(remedyCase.caseFile, about.id, options);
  if (!outcome.ok) return null;
  const { subject, body, language, complete } = outcome.notice;
  const text = `${subject}\n\n${body}\n`;
  const markSent = (): void => {
    const at = new Date().toISOString();
    const id = crypto.randomUUID();
    remedyCase.apply([
      {
        type: "drafted",
        at,
        notice: {
          id,
          kind: options.kind,
          regime: about.regime,
          recipient: options.recipient.slice(0, 200),
          urls: about.urls,
          follows: about.id,
          language,
          ...(authority === undefined ? {} : { authority }),
        },
      },
      { type: "completed", at, id },
      { type: "sent", at, id, by: "by_hand", letter: { subject, body } },
    ]);
  };
  return (
    <>
      {asked.map((path) => (
        <NoticeField key={path} path={path} remedyCase={remedyCase} />
      ))}
      <Fold title={t("notice.preview")} level={4}>
        <div className="preview" lang={language} dir="auto">
          {text}
        </div>
      </Fold>
      {complete && (
        <div className="row">
          <Button kind="secondary" onPress={() => void copyText(text, t).then(setSaid)}>
            {t("out.copy")}
          </Button>
          <Button kind="secondary" onPress={() => setSaid(t("save.saved", { name: saveNeutral(text, "txt") }))}>
            {t("out.text")}
          </Button>
          <Button kind="quiet" onPress={markSent}>
            {t("out.sent")}
          </Button>
        </div>
      )}
      <p role="status">{said}</p>
    </>
  );
};
