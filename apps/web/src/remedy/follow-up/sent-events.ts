/** A letter that the person says they have sent, as the case writes it down: drafted, complete and on its way at once. */
import type { CaseEvent, CaseNotice, Notice } from "@recourse/remedy";

interface SentLetter extends Pick<CaseNotice, "kind" | "regime" | "recipient"> {
  readonly letter: Pick<Notice, "subject" | "body" | "language">;
  readonly urls: readonly string[];
  /** A mail address, where one was written to. */
  readonly to: string | undefined;
  readonly by: NonNullable<CaseNotice["sentBy"]>;
  readonly follows?: string;
  readonly authority?: string;
}

export const sentEvents = (sent: SentLetter): readonly CaseEvent[] => {
  const { kind, regime, recipient, urls, to, by, follows, authority } = sent;
  const { subject, body, language } = sent.letter;
  const at = new Date().toISOString();
  const id = crypto.randomUUID();
  return [
    {
      type: "drafted",
      at,
      notice: {
        id,
        kind,
        regime,
        // As long as a case takes it.
        recipient: recipient.slice(0, 200),
        urls: [...urls],
        language,
        ...(follows === undefined ? {} : { follows }),
        ...(authority === undefined ? {} : { authority }),
        ...(to === undefined ? {} : { to }),
      },
    },
    { type: "completed", at, id },
    { type: "sent", at, id, by, letter: { subject, body } },
  ];
};
