/** What was answered to a letter: pasted, or read from a mail that was saved; kept with the case, in this page. */
import { type CaseNotice, type CaseReply, MAX_MAIL_BYTES, readMail } from "@recourse/remedy";
import { useState } from "react";
import { FileTrigger } from "react-aria-components/FileTrigger";
import { Button } from "../../design/button.tsx";
import { localeOf, useLanguage } from "../../messages/translate.tsx";
import { AnswerField } from "../answer-field.tsx";
import type { RemedyCase } from "../use-case.ts";
import { useWords, type Words } from "../words.tsx";

type Draft = Pick<CaseReply, "text"> & Partial<Pick<CaseReply, "from" | "subject">>;

const EMPTY: Draft = { text: "" };

interface Read {
  readonly draft?: Draft;
  /** What is to be said of it. */
  readonly said: string;
}

const readFile = async (file: File, t: Words): Promise<Read> => {
  if (file.size > MAX_MAIL_BYTES) return { said: t("follow.mail.large", { megabytes: MAX_MAIL_BYTES >> 20 }) };
  const mail = await file
    .arrayBuffer()
    .then((content) => readMail(new Uint8Array(content)))
    .catch(() => undefined);
  if (mail === undefined) return { said: t("follow.mail.none") };
  if (mail.text === "") return { said: t("follow.mail.empty") };
  const { text, from, subject, leftOut } = mail;
  return {
    draft: { text, ...(from === undefined ? {} : { from }), ...(subject === undefined ? {} : { subject }) },
    said: `${t("follow.mail.read")}${leftOut === 0 ? "" : ` ${t("follow.mail.left", { count: leftOut })}`}`,
  };
};

interface RepliesProps {
  readonly remedyCase: RemedyCase;
  readonly notice: CaseNotice;
}

export const Replies = ({ remedyCase: { apply, caseFile }, notice: { id, answer } }: RepliesProps) => {
  const t = useWords();
  const { code } = useLanguage();
  const [draft, setDraft] = useState(EMPTY);
  const [said, setSaid] = useState("");
  const at = (iso: string) =>
    new Intl.DateTimeFormat(localeOf(code), { dateStyle: "medium", timeStyle: "short" }).format(new Date(iso));
  const choose = async (file: File): Promise<void> => {
    const read = await readFile(file, t);
    if (read.draft !== undefined) setDraft(read.draft);
    setSaid(read.said);
  };
  const keep = (): void => {
    const reply = { id: crypto.randomUUID(), ...draft };
    apply([{ type: "answered", at: new Date().toISOString(), id, answer: answer ?? "other", reply }]);
    setDraft(EMPTY);
    setSaid(t("follow.kept"));
  };
  return (
    <>
      {caseFile.replies
        .filter((each) => each.notice === id)
        .map((reply) => (
          <div key={reply.id}>
            <p className="soft small">{at(reply.at)}</p>
            <div className="preview" dir="auto">
              {[reply.from, reply.subject, "", reply.text]
                .filter((line) => line !== undefined)
                .join("\n")
                .trimStart()}
            </div>
          </div>
        ))}
      <AnswerField
        label={t("follow.reply")}
        hint={t("follow.reply.hint")}
        value={draft.text}
        onChange={(text) => setDraft((old) => ({ ...old, text }))}
        lines={4}
        maxLength={200_000}
      />
      {(draft.from !== undefined || draft.subject !== undefined) && (
        <p className="soft small" dir="auto">
          <bdi>{draft.from}</bdi> {draft.subject !== undefined && <bdi>{draft.subject}</bdi>}
        </p>
      )}
      <div className="row">
        <Button kind="secondary" isDisabled={draft.text.trim() === ""} onPress={keep}>
          {t("follow.keepReply")}
        </Button>
        <FileTrigger
          acceptedFileTypes={[".eml", "message/rfc822"]}
          onSelect={(files) => {
            const [file] = files ?? [];
            if (file !== undefined) void choose(file);
          }}
        >
          <Button kind="quiet">{t("follow.mail")}</Button>
        </FileTrigger>
      </div>
      <p role="status">{said}</p>
    </>
  );
};
