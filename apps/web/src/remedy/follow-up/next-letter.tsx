import { type CaseNotice, composeNextLetter, type NextLetterOptions } from "@recourse/remedy";
import { useState } from "react";
import { Button } from "../../design/button.tsx";
import { Fold } from "../../design/fold.tsx";
import { AnswerField } from "../answer-field.tsx";
import { isMailAddress } from "../notice/mail-address.ts";
import { NoticeField } from "../notice/notice-fields.tsx";
import { sentEvents } from "./sent-events.ts";
import { TakeLetter } from "../notice/take-letter.tsx";
import type { RemedyCase } from "../use-case.ts";
import { useWords } from "../words.tsx";

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
  const { notice } = outcome;
  const { subject, body, language, complete } = notice;
  // The same recipient as before is written to at the same address, unless another was typed since.
  const sameAddress = options.recipient === about.recipient ? about.to : undefined;
  const address = remedyCase.addresses[options.recipient] ?? sameAddress ?? "";
  const to = isMailAddress(address) ? address : undefined;
  const markSent = (): void =>
    remedyCase.apply(
      sentEvents({
        kind: options.kind,
        regime: about.regime,
        recipient: options.recipient,
        urls: about.urls,
        letter: notice,
        to,
        by: to === undefined ? "by_hand" : "mail",
        follows: about.id,
        ...(authority === undefined ? {} : { authority }),
      }),
    );
  return (
    <>
      {asked.map((path) => (
        <NoticeField key={path} path={path} remedyCase={remedyCase} />
      ))}
      <Fold title={t("notice.preview")} level={4}>
        <div className="preview" lang={language} dir="auto">
          {`${subject}\n\n${body}\n`}
        </div>
      </Fold>
      {complete && (
        <>
          <AnswerField
            label={t("follow.address", { recipient: options.recipient })}
            hint={t("follow.address.hint")}
            value={address}
            onChange={(next) => remedyCase.tellAddress(options.recipient, next)}
            error={address === "" || isMailAddress(address) ? undefined : t("send.to.wrong")}
            type="email"
            maxLength={254}
          />
          <TakeLetter notice={notice} address={to} onSay={setSaid}>
            <Button kind="quiet" onPress={markSent}>
              {t("out.sent")}
            </Button>
          </TakeLetter>
        </>
      )}
      <p role="status">{said}</p>
    </>
  );
};
